import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { blockOf, viewOf } from '#libs/access';
import { activeAssignments, isMasked } from '#libs/dispatch';
import type { LivePositionView, UnitPositionView, UnitView } from '#libs/wire';
import type { SignedInUser } from '../access/signed-in.ts';
import { CLOCK, type Clock } from '../clock.ts';
import { audienceOf, type IncidentSource } from '../incidents/incident-source.ts';
import { LiveBoard } from './live-board.ts';

type Reader = Pick<SignedInUser, 'role' | 'accountId'>;

const NONE: ReadonlySet<string> = new Set();
/** Half of the diagonal of a block of `blockOf`, rounded up: how far off a coarse position may be. */
const BLOCK_ACCURACY_M = 80;

/**
 * A unit that attends a masked incident tells where it is. Whoever may not know that place sees the unit to a block, as they see
 * the incident, decided whenever its position is sent. A unit that cries for help is seen by everybody where it is.
 */
@Injectable()
export class UnitSight implements OnModuleInit {
  /** Masked incidents with a unit; `undefined` when the board has changed since. */
  private masked: readonly { readonly source: IncidentSource; readonly unitIds: readonly string[] }[] | undefined;

  constructor(
    private readonly board: LiveBoard,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.board.onNews(() => (this.masked = undefined));
  }

  /** Units that this reader sees to a block. Asked for every page at every batch: cheap while nothing is masked. */
  coarseFor(reader: Reader): ReadonlySet<string> {
    this.masked ??= this.find();
    if (this.masked.length === 0) return NONE;
    const nowMs = this.clock.nowMs();
    const hidden = this.masked.filter(
      ({ source }) => viewOf(audienceOf(reader, source, nowMs), source.incident).place !== 'all',
    );
    return hidden.length === 0 ? NONE : new Set(hidden.flatMap(({ unitIds }) => unitIds));
  }

  unitFor(reader: Reader, unit: UnitView): UnitView {
    if (unit.position === null || !this.coarseFor(reader).has(unit.id)) return unit;
    return { ...unit, position: coarse(unit.position) };
  }

  livePositionFor(reader: Reader, live: LivePositionView): LivePositionView {
    return this.coarseFor(reader).has(live.unitId) ? { ...live, position: coarse(live.position) } : live;
  }

  private find() {
    return [...this.board.incidents.values()].flatMap((source) => {
      if (!isMasked(source.incident)) return [];
      const unitIds = activeAssignments(source.incident)
        .map(({ unitId }) => unitId)
        .filter((id) => !this.board.units.get(id)?.sos);
      return unitIds.length === 0 ? [] : [{ source, unitIds }];
    });
  }
}

function coarse(position: UnitPositionView): UnitPositionView {
  return { ...position, point: blockOf(position.point), accuracyM: BLOCK_ACCURACY_M };
}

import { z } from 'zod';
import { uuidV7, type Clock, type Logger } from '#libs/base';
import { isInRing, type GeoPoint } from '#libs/geo';
import {
  incidentDetail,
  incidentList,
  incidentTypeView,
  sectorView,
  type IncidentItem,
  type IncidentTypeView,
  type SectorView,
} from '#libs/wire';
import { CentreRefusal } from '../demo-town/centre-client.ts';
import type { CallSource, PretendedCall } from './calls.ts';
import type { Order } from './crew.ts';
import type { Dice } from './dice.ts';
import { tidyingOf, type Patience, type Tidying } from './tidy.ts';

/** What an operator works with: an account that is signed in. */
export interface Desk {
  get<T>(path: string, schema: z.ZodType<T>): Promise<T>;
  command(path: string, body: Readonly<Record<string, unknown>>): Promise<unknown>;
}

export interface OperatorManners {
  /** With so many live incidents on the board no call is taken. */
  readonly maxOpen: number;
  readonly patience: Patience;
  /** Of calls so many tell of something that was told already. */
  readonly repeatShare: number;
}

/** The board changes with people's hands: looked at this often, and the lists that hardly change each hour. */
const LISTS_EVERY_MS = 3_600_000;
const MAX_SEEN = 500;
/** So long it rang. */
const RINGING_MS = [2_000, 9_000] as const;
/** Calls about the same thing come within this. */
const REPEAT_WITHIN_MS = 8 * 60_000;
const FIRST_CALL_MS = 5_000;
const MAX_BEHIND_MS = 10_000;

interface Seen {
  readonly isOwn: boolean;
  revision: number;
  changedAtMs: number;
}

/** Somebody at a console: takes down the calls that come, and puts away what was left for too long. Never dispatches. */
export class Operator {
  private live: readonly IncidentItem[] = [];
  /** Since the board was looked at. */
  private opened = 0;
  private readonly seen = new Map<string, Seen>();
  private types: ReadonlyMap<string, IncidentTypeView> = new Map();
  private sectors: readonly SectorView[] = [];
  private listsAtMs = -Infinity;
  private nextCallAtMs: number | null = null;

  constructor(
    private readonly account: Desk,
    private readonly accountId: string | null,
    private readonly calls: CallSource | null,
    private readonly manners: OperatorManners,
    private readonly dice: Dice,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** Reads the board. Answers what it wants of each unit, by the unit's id. */
  async look(): Promise<ReadonlyMap<string, Order>> {
    const nowMs = this.clock.nowMs();
    this.live = await this.account.get('/api/incidents?life=live&limit=500', incidentList);
    this.opened = 0;
    for (const item of this.live) await this.notice(item, nowMs);
    const ids = new Set(this.live.map(({ id }) => id));
    for (const id of this.seen.keys()) if (!ids.has(id)) this.seen.delete(id);
    return new Map(this.live.flatMap(ordersOf));
  }

  /** Takes the call that is due, if any. Answers whether it did. */
  async answer(): Promise<boolean> {
    const { calls, clock, dice } = this;
    if (calls === null) return false;
    const nowMs = clock.nowMs();
    this.nextCallAtMs ??= this.live.length === 0 ? nowMs + FIRST_CALL_MS : calls.nextAtMs(nowMs);
    if (nowMs < this.nextCallAtMs) return false;
    // Counted from when it was due, so that a slow centre does not thin the calls out; not those of a long silence.
    this.nextCallAtMs = calls.nextAtMs(Math.max(this.nextCallAtMs, nowMs - MAX_BEHIND_MS));
    if (this.live.length + this.opened >= this.manners.maxOpen) return false;
    await this.readLists(nowMs);
    const call = calls.take(nowMs);
    const repeated = dice.chance(this.manners.repeatShare) ? this.lately(nowMs) : undefined;
    if (repeated) await this.addTo(repeated, call);
    else if (this.types.get(call.typeCode)?.enabled === true) await this.open(call);
    return true;
  }

  /** Puts away what nobody touched for too long. */
  async tidy(): Promise<void> {
    const nowMs = this.clock.nowMs();
    for (const item of this.live) {
      const seen = this.seen.get(item.id);
      if (!seen) continue;
      const { patience } = this.manners;
      const wanted = tidyingOf(item, seen.isOwn, nowMs - seen.changedAtMs, patience, this.dice.share());
      if (wanted !== null) await this.carryOut(item, wanted);
    }
  }

  private async notice({ id, revision }: IncidentItem, nowMs: number): Promise<void> {
    const seen = this.seen.get(id);
    if (seen === undefined && this.seen.size < MAX_SEEN) {
      const { openedBy } = await this.account.get(`/api/incidents/${id}`, incidentDetail);
      this.seen.set(id, { isOwn: openedBy === this.accountId, revision, changedAtMs: nowMs });
    } else if (seen !== undefined && seen.revision !== revision) {
      seen.revision = revision;
      seen.changedAtMs = nowMs;
    }
  }

  private async readLists(nowMs: number): Promise<void> {
    if (nowMs - this.listsAtMs < LISTS_EVERY_MS) return;
    const types = await this.account.get('/api/incident-types', z.array(incidentTypeView));
    this.types = new Map(types.map((type) => [type.code, type]));
    this.sectors = await this.account.get('/api/sectors', z.array(sectorView));
    this.listsAtMs = nowMs;
  }

  private async open(call: PretendedCall): Promise<void> {
    const nowMs = this.clock.nowMs();
    this.opened++;
    await this.account.command('/api/incidents', {
      incidentId: uuidV7(nowMs),
      channel: call.channel,
      call: this.reportOf(call, nowMs),
      typeCode: call.typeCode,
      place: { ...placeOf(call), sectorId: this.sectorAt(call.point) },
      narrative: { id: uuidV7(nowMs), text: call.narrative },
    });
  }

  /** Somebody else tells of the same thing. */
  private async addTo({ id }: IncidentItem, call: PretendedCall): Promise<void> {
    const path = `/api/incidents/${id}/intake`;
    await this.account.command(path, { kind: 'addCall', call: this.reportOf(call, this.clock.nowMs()) });
  }

  private reportOf({ channel, callerName, callerPhone }: PretendedCall, nowMs: number) {
    const receivedAtMs = Math.round(nowMs - this.dice.between(...RINGING_MS));
    return { id: uuidV7(nowMs), channel, receivedAtMs, callerName, callerPhone };
  }

  private lately(nowMs: number): IncidentItem | undefined {
    return this.live.find(
      ({ id, clocks, units }) =>
        this.seen.get(id)?.isOwn === true && units.length === 0 && nowMs - clocks.callAtMs < REPEAT_WITHIN_MS,
    );
  }

  private sectorAt(point: GeoPoint): string | null {
    return this.sectors.find(({ kind, ring }) => kind === 'patrol' && isInRing(point, ring))?.id ?? null;
  }

  /** What a person did in between is theirs: a refusal is no failure of ours, and the incident is left for as long again. */
  private async carryOut(item: IncidentItem, wanted: Tidying): Promise<void> {
    for (const command of this.commandsFor(item, wanted)) {
      try {
        await this.account.command(`/api/incidents/${item.id}/dispatch`, command);
      } catch (problem) {
        if (!(problem instanceof CentreRefusal)) throw problem;
        this.logger.info({ incident: item.code, command: command['kind'], code: problem.code }, 'not put away');
      }
    }
    const seen = this.seen.get(item.id);
    if (seen) seen.changedAtMs = this.clock.nowMs();
  }

  private commandsFor(item: IncidentItem, wanted: Tidying): readonly Record<string, unknown>[] {
    if (wanted.kind === 'withdraw')
      return wanted.unitIds.map((unitId) => ({ kind: 'withdraw', unitId, reason: 'La unidad no responde.' }));
    if (wanted.kind !== 'hand-over') return [wanted];
    const agency = this.types.get(item.classification?.typeCode ?? '')?.agencies[0] ?? 'PNP';
    const referralId = uuidV7(this.clock.nowMs());
    return [
      { kind: 'refer', referralId, agency, note: 'Se comunica el hecho; no hay unidad asignada.' },
      { kind: 'referralTaken', referralId, takenBy: 'Central de turno (simulada)' },
      { kind: 'close', disposition: 'handed-to-agency', note: 'Atendido por la institución competente.' },
    ];
  }
}

function placeOf({ point, address, reference }: PretendedCall) {
  return { point, address, reference };
}

function ordersOf({ id, priority, place, units }: IncidentItem): (readonly [string, Order])[] {
  return units.map(({ unitId, phase }) => [
    unitId,
    { incidentId: id, phase, priority: priority ?? 'P3', point: place?.point ?? null },
  ]);
}

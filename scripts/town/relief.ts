import type { Clock } from '#libs/base';
import { unitView } from '#libs/wire';
import { CentreRefusal } from '../demo-town/centre-client.ts';
import type { Account } from './account.ts';
import { crewOf, shiftStartMs } from './roster.ts';
import { OFF_ROSTER, type Member } from './setup.ts';
import type { Vehicle } from './vehicle.ts';

/** Crews change when a shift begins, one unit after the other, and not while it attends something. */
export class Relief {
  /** Start of the shift whose crew is in the unit, or was sent home by a person. */
  private readonly shiftOf = new Map<string, number>();

  constructor(
    private readonly operator: Account,
    private readonly clock: Clock,
  ) {}

  async look(vehicle: Vehicle, member: Member): Promise<void> {
    const { unitId } = member.known;
    const shiftMs = shiftStartMs(this.clock.nowMs());
    if (this.shiftOf.get(unitId) === shiftMs || vehicle.isBusy) return;
    const isFirstLook = !this.shiftOf.has(unitId);
    const { duty, attends } = await this.operator.get(`/api/units/${unitId}`, unitView);
    const isNew = duty !== null && duty.sinceMs >= shiftMs;
    if (isNew || (duty === null && isFirstLook)) {
      this.shiftOf.set(unitId, shiftMs);
      return;
    }
    if (attends !== null) return;
    if (duty !== null && !(await this.does(unitId, { kind: 'endDuty', endKm: null }))) return;
    const crew = crewOf(member.spec, shiftMs, member.known.crew?.accountId ?? null);
    const begin = { kind: 'startDuty', shiftId: null, crew, startKm: null, overrideReason: OFF_ROSTER };
    if (await this.does(unitId, begin)) this.shiftOf.set(unitId, shiftMs);
  }

  /** A refusal (it was sent somewhere just now, it asks for help) is tried again at the next look. */
  private async does(unitId: string, command: Readonly<Record<string, unknown>>): Promise<boolean> {
    try {
      await this.operator.command(`/api/units/${unitId}/duty`, command);
      return true;
    } catch (problem) {
      if (problem instanceof CentreRefusal) return false;
      throw problem;
    }
  }
}

import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { reasonOf, uuidV7, type Clock, type Logger } from '#libs/base';
import type { Role } from '#libs/access';
import type { GeoPoint } from '#libs/geo';
import {
  accountView,
  commandAnswer,
  createdPositionDeviceView,
  positionDeviceView,
  sectorView,
  unitView,
} from '#libs/wire';
import type { AccountView, SectorView, UnitView } from '#libs/wire';
import { CentreRefusal, type CentreClient } from '../demo-town/centre-client.ts';
import type { UnitSpec } from './fleet.ts';
import type { KnownLogin, KnownUnit, Memory } from './memory.ts';
import { crewOf, shiftStartMs } from './roster.ts';
import { DEMO_SECTORS } from './sectors.ts';

/** Our devices are known by it when the memory was lost. */
const DEVICE = 'Celular simulado';
/** A reason is asked for people who are on no roster. */
export const OFF_ROSTER = 'Tripulación simulada de la demostración';

export interface SetupWish {
  /** Signed in as somebody who may manage units, sectors and accounts. */
  readonly centre: CentreClient;
  readonly fleet: readonly UnitSpec[];
  readonly memory: Memory;
  /** Each crew and an operator get accounts of their own; otherwise everything is said by radio. */
  readonly withAccounts: boolean;
  /** Units that are looked after at a time. */
  readonly lanes: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A unit that the town moves. */
export interface Member {
  readonly spec: UnitSpec;
  readonly known: KnownUnit;
  /** Where the centre last saw it: a town that starts again goes on from there. */
  readonly at: GeoPoint | null;
}

/**
 * Makes what is missing, through the public interface: patrol sectors, accounts, units with a crew on duty and a phone. What
 * is there is left as it is; what a person took away (a retired unit, a revoked phone, a disabled account) stays away.
 */
export class Setup {
  private sectors: readonly SectorView[] = [];
  private units: readonly UnitView[] = [];
  private accounts: readonly AccountView[] = [];

  constructor(private readonly wish: SetupWish) {}

  async run(): Promise<readonly Member[]> {
    const { centre, memory, withAccounts, fleet, lanes } = this.wish;
    this.units = await centre.get('/api/units', z.array(unitView));
    if (withAccounts) await this.hireOperator();
    await this.drawSectors();
    const members: Member[] = [];
    const waiting = [...fleet];
    const lane = async (): Promise<void> => {
      for (let spec = waiting.shift(); spec !== undefined; spec = waiting.shift()) {
        const known = await this.unit(spec);
        if (known) members.push({ spec, known, at: this.lastSeen(known) });
      }
    };
    try {
      await Promise.all(Array.from({ length: lanes }, lane));
    } finally {
      memory.save();
    }
    const place = new Map(fleet.map(({ callSign }, index) => [callSign, index]));
    return members.toSorted((a, b) => place.get(a.spec.callSign)! - place.get(b.spec.callSign)!);
  }

  private async hireOperator(): Promise<void> {
    const { centre, memory } = this.wish;
    this.accounts = await centre.get('/api/accounts', z.array(accountView));
    const before = memory.operator;
    // Accounts are never removed: one that is not there was in another database.
    if (before && !this.accounts.some(({ id }) => id === before.accountId)) memory.sectors.clear();
    memory.operator = await this.account('operador-simulado', 'Operador (simulado)', 'dispatcher', before);
    memory.save();
  }

  private async drawSectors(): Promise<void> {
    const { centre, memory } = this.wish;
    const present = await centre.get('/api/sectors', z.array(sectorView));
    const names = new Set(present.map(({ name }) => name));
    for (const body of DEMO_SECTORS) {
      if (!names.has(body.name) && !memory.sectors.has(body.name)) await centre.post('/api/sectors', body, sectorView);
      memory.sectors.add(body.name);
    }
    memory.save();
    this.sectors = await centre.get('/api/sectors', z.array(sectorView));
  }

  /** `undefined` when a person has taken the unit, or its name. One that fails is told and tried at the next start. */
  private async unit(spec: UnitSpec): Promise<KnownUnit | undefined> {
    try {
      const found = await this.found(spec);
      if (!found) return undefined;
      const known = await this.equipped(spec, found);
      this.wish.memory.keep(known);
      await this.onDuty(spec, known);
      return known;
    } catch (problem) {
      this.wish.logger.warn({ unit: spec.callSign, reason: reasonOf(problem) }, 'a unit could not be made ready');
      return undefined;
    }
  }

  private async found(spec: UnitSpec): Promise<KnownUnit | undefined> {
    const known = this.wish.memory.unit(spec.callSign);
    const present = this.units.find(({ callSign }) => callSign.toLowerCase() === spec.callSign.toLowerCase());
    if (known) return this.units.some(({ id }) => id === known.unitId) ? known : this.lostOrRetired(spec, known);
    if (present) return this.recognised(spec, present);
    return this.registered(spec);
  }

  /** A unit that is remembered and not on the board was retired; in another database it never was. */
  private async lostOrRetired(spec: UnitSpec, { unitId }: KnownUnit): Promise<KnownUnit | undefined> {
    const { centre } = this.wish;
    try {
      await centre.get(`/api/units/${unitId}`, unitView);
      return undefined;
    } catch (problem) {
      if (problem instanceof CentreRefusal && problem.status === 404) return this.registered(spec);
      throw problem;
    }
  }

  /** The memory was lost: a unit with one of our phones is ours, and its phone, whose token nobody knows, is taken back. */
  private async recognised(spec: UnitSpec, { id }: UnitView): Promise<KnownUnit | undefined> {
    const { centre } = this.wish;
    const devices = await centre.get(`/api/units/${id}/devices`, z.array(positionDeviceView));
    const ours = devices.filter(({ name }) => name === DEVICE);
    if (ours.length === 0) return undefined;
    for (const { id: deviceId, revokedAtMs } of ours)
      if (revokedAtMs === null)
        await centre.delete(`/api/units/${id}/devices/${deviceId}`, { reason: 'se perdió su clave' });
    return this.withPhone({ callSign: spec.callSign, unitId: id, osmAndPath: null, crew: null });
  }

  private async registered(spec: UnitSpec): Promise<KnownUnit> {
    const { callSign, kind, vehicle, equipment } = spec;
    const sectorId = this.sectors.find(({ name }) => name === spec.sector)?.id ?? null;
    const unitId = uuidV7(this.wish.clock.nowMs());
    await this.command('/api/units', {
      unitId,
      profile: { callSign, kind, vehicle, equipment, sectorId, checkInEveryMs: null },
    });
    return this.withPhone({ callSign, unitId, osmAndPath: null, crew: null });
  }

  private async withPhone(known: KnownUnit): Promise<KnownUnit> {
    const path = `/api/units/${known.unitId}/devices`;
    const { osmAndPath } = await this.wish.centre.post(path, { name: DEVICE }, createdPositionDeviceView);
    return { ...known, osmAndPath };
  }

  private async equipped(spec: UnitSpec, known: KnownUnit): Promise<KnownUnit> {
    if (!this.wish.withAccounts) return known;
    const username = `tripulacion-${spec.callSign
      .toLowerCase()
      .normalize('NFD')
      .replace(/[^a-z0-9]+/g, '')}`;
    const crew = await this.account(username, `${spec.callSign} (simulada)`, 'patrol', known.crew);
    return { ...known, crew };
  }

  private lastSeen({ unitId }: KnownUnit): GeoPoint | null {
    return this.units.find(({ id }) => id === unitId)?.position?.point ?? null;
  }

  /** Nobody drives a unit whose crew was sent home by a person, until the next shift. */
  private async onDuty(spec: UnitSpec, { unitId, crew }: KnownUnit): Promise<void> {
    const shiftMs = shiftStartMs(this.wish.clock.nowMs());
    if (this.units.find(({ id }) => id === unitId)?.duty) return;
    const body = {
      kind: 'startDuty',
      shiftId: null,
      crew: crewOf(spec, shiftMs, crew?.accountId ?? null),
      startKm: null,
      overrideReason: OFF_ROSTER,
    };
    await this.command(`/api/units/${unitId}/duty`, body);
  }

  /** The account, made when it is missing and with a new password when the old one was forgotten; `null` once disabled. */
  private async account(
    username: string,
    displayName: string,
    role: Role,
    known: KnownLogin | null,
  ): Promise<KnownLogin | null> {
    const { centre } = this.wish;
    const present = this.accounts.find((one) => one.username === username);
    if (present && present.disabledAtMs !== null) return null;
    if (present && known?.accountId === present.id) return known;
    const password = randomBytes(24).toString('base64url');
    const made = present
      ? await centre.patch(`/api/accounts/${present.id}`, { password }, accountView)
      : await centre.post('/api/accounts', { username, displayName, role, password }, accountView);
    return { accountId: made.id, username, password };
  }

  private command(path: string, body: Readonly<Record<string, unknown>>): Promise<unknown> {
    const nowMs = this.wish.clock.nowMs();
    return this.wish.centre.post(
      path,
      { ...body, commandId: uuidV7(nowMs), sentAtMs: Math.round(nowMs) },
      commandAnswer,
    );
  }
}

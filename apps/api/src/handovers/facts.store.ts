import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Unit } from '#libs/dispatch';
import {
  HANDOVER_CAPS,
  distributeCameras,
  isPresent,
  type AlarmFact,
  type CameraFact,
  type CentreStaffFact,
  type FieldStaffFact,
  type HandoverFacts,
  type IncidentFact,
  type PatrolFact,
  type Roster,
  type Shift,
} from '#libs/shift';
import { readRoster } from '../shifts/shift.store.ts';

interface UnitRow {
  readonly state: Unit;
  readonly sector: string | null;
}
interface CameraRow {
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly state: string | null;
  readonly since: Date | null;
  readonly reason: string | null;
}

/** One more than is shown, so that a cut is seen. */
const LIMIT = HANDOVER_CAPS.facts + 1;
/** States in which a camera delivers, or would when asked. */
const WORKING = ['online', 'degraded', 'standby'];

/** Reads what a handover says of the moment: the board, the cameras, the roster. No name of a caller, no address. */
@Injectable()
export class FactsStore {
  constructor(private readonly dataSource: DataSource) {}

  async take(shift: Shift, nowMs: number): Promise<HandoverFacts> {
    const { manager } = this.dataSource;
    const [incidents, highlights, cameras, alarms, units, ended, roster, phones] = await Promise.all([
      this.incidents('incident.live', []),
      this.incidents('kind.video AND incident.call_at >= $2 AND incident.call_at < $3', [
        new Date(shift.startMs),
        new Date(shift.endMs),
      ]),
      this.cameras(),
      this.alarms(),
      this.units(),
      this.ended(shift),
      readRoster(shift.id, manager),
      this.phones(),
    ]);
    const down = cameras.filter(({ state }) => state === null || !WORKING.includes(state));
    const working = cameras.filter(({ state }) => state !== null && WORKING.includes(state));
    const lists = [incidents, highlights, down, alarms, units];
    const cap = <T>(list: readonly T[]): T[] => list.slice(0, HANDOVER_CAPS.facts);
    return {
      takenAtMs: nowMs,
      incidents: cap(incidents),
      camerasDown: cap(down.map(cameraFact)),
      alarms: cap(alarms),
      centreStaff: centreStaffOf(roster?.roster, working.map(({ code }) => code).slice(0, HANDOVER_CAPS.facts)),
      fieldStaff: cap(units.flatMap((unit) => fieldStaffOf(unit, roster?.roster, phones))),
      patrols: cap([...units.flatMap((unit) => patrolOf(unit)), ...ended]),
      highlights: cap(highlights),
      camerasOnline: working.length,
      camerasAll: cameras.length,
      cut: lists.some((list) => list.length > HANDOVER_CAPS.facts),
    };
  }

  private async incidents(condition: string, values: readonly unknown[]): Promise<IncidentFact[]> {
    const rows = await this.dataSource.query<(Omit<IncidentFact, 'openedAtMs'> & { openedAt: Date })[]>(
      `SELECT incident.id, incident.code, coalesce(kind.name, '') AS type, incident.priority, incident.status,
              coalesce(sector.name, '') AS sector, incident.opened_at AS "openedAt"
       FROM incident LEFT JOIN incident_type AS kind ON kind.code = incident.type_code
         LEFT JOIN sector ON sector.id = incident.sector_id
       WHERE ${condition} ORDER BY incident.priority NULLS LAST, incident.call_at LIMIT $1`,
      [LIMIT, ...values],
    );
    return rows.map(({ openedAt, ...row }) => ({ ...row, openedAtMs: openedAt.getTime() }));
  }

  private cameras(): Promise<CameraRow[]> {
    return this.dataSource.query(
      `SELECT camera.id, camera.code, camera.name, health.state, health.since, health.reason_code AS reason
       FROM camera LEFT JOIN camera_health AS health ON health.camera_id = camera.id
       WHERE camera.removed_at IS NULL ORDER BY camera.code LIMIT 2000`,
    );
  }

  private async alarms(): Promise<AlarmFact[]> {
    const rows = await this.dataSource.query<(Omit<AlarmFact, 'raisedAtMs'> & { startedAt: Date })[]>(
      `SELECT alarm.id, camera.code AS camera, alarm.kind, alarm.started_at AS "startedAt",
              alarm.acknowledged_at IS NOT NULL AS acknowledged
       FROM camera_alarm AS alarm JOIN camera ON camera.id = alarm.camera_id
       WHERE alarm.raised AND (alarm.ended_at IS NULL OR alarm.acknowledged_at IS NULL)
       ORDER BY alarm.started_at DESC LIMIT $1`,
      [LIMIT],
    );
    return rows.map(({ startedAt, ...row }) => ({ ...row, raisedAtMs: startedAt.getTime() }));
  }

  private units(): Promise<UnitRow[]> {
    return this.dataSource.query(
      `SELECT unit.state, sector.name AS sector FROM unit LEFT JOIN sector ON sector.id = unit.sector_id
       WHERE unit.retired_at IS NULL AND unit.on_duty ORDER BY unit.call_sign LIMIT $1`,
      [LIMIT],
    );
  }

  /** Crews that signed off during the shift, as the ledger tells it. */
  private async ended({ startMs, endMs }: Shift): Promise<PatrolFact[]> {
    const rows = await this.dataSource.query<
      { unitId: string; callSign: string | null; endedAt: Date; endKm: number | null; begun: string | null }[]
    >(
      `SELECT entry.subject_id AS "unitId", unit.call_sign AS "callSign", entry.at AS "endedAt",
              (entry.text::jsonb -> 'payload' ->> 'endKm')::double precision AS "endKm", begin.text AS begun
       FROM ledger_entry AS entry LEFT JOIN unit ON unit.id::text = entry.subject_id
         LEFT JOIN LATERAL (
           SELECT text FROM ledger_entry AS earlier
           WHERE earlier.subject_type = 'unit' AND earlier.subject_id = entry.subject_id AND earlier.seq < entry.seq
             AND earlier.kind = 'unit:dutyStarted' ORDER BY earlier.seq DESC LIMIT 1
         ) AS begin ON true
       WHERE entry.kind = 'unit:dutyEnded' AND entry.at >= $2 AND entry.at < $3 ORDER BY entry.seq LIMIT $1`,
      [LIMIT, new Date(startMs), new Date(endMs + SIGN_OFF_MS)],
    );
    return rows.map(({ unitId, callSign, endedAt, endKm, begun }) => {
      const payload =
        begun === null ? null : (JSON.parse(begun) as { payload: { atMs: number; startKm: number | null } });
      const startedAtMs = payload?.payload.atMs ?? null;
      const startKm = payload?.payload.startKm ?? null;
      return {
        unitId,
        callSign: callSign ?? '',
        startedAtMs,
        startKm,
        endedAtMs: endedAt.getTime(),
        endKm,
        assignments: 0,
      };
    });
  }

  private async phones(): Promise<ReadonlyMap<string, string>> {
    const rows = await this.dataSource.query<{ id: string; phone: string }[]>(
      'SELECT id, phone FROM staff_member WHERE phone IS NOT NULL',
    );
    return new Map(rows.map(({ id, phone }) => [id, phone]));
  }
}

/** Who signs off some minutes after the shift belongs to it. */
const SIGN_OFF_MS = 60 * 60_000;

function cameraFact({ id, code, name, since, reason }: CameraRow): CameraFact {
  return { id, code, name, sinceMs: since?.getTime() ?? null, reason: reason ?? '' };
}

/** People without a unit. Those who watch cameras share the ones that work ("distribuir equitativamente", only online). */
function centreStaffOf(roster: Roster | undefined, working: readonly string[]): CentreStaffFact[] {
  const people = (roster?.entries ?? []).filter(({ unitId }) => unitId === null);
  const watchers = people.filter((entry) => entry.post === 'camera-operator' && isPresent(entry));
  const shares = distributeCameras(watchers.length, working);
  return people.map((entry) => ({
    staffId: entry.staffId,
    name: entry.name,
    post: entry.post,
    cameras: shares[watchers.indexOf(entry)] ?? [],
    // Why is between them and who plans.
    absence: entry.absence === null ? null : 'absent',
  }));
}

function fieldStaffOf(
  { state: unit, sector }: UnitRow,
  roster: Roster | undefined,
  phones: ReadonlyMap<string, string>,
): FieldStaffFact[] {
  const crew = unit.duty?.crew ?? [];
  const driver = crew.find(({ post }) => post === 'driver');
  const planned = (roster?.entries ?? []).find(({ unitId, post }) => unitId === unit.id && post === 'driver');
  const { state } = unit;
  return [
    {
      unitId: unit.id,
      callSign: unit.callSign,
      kind: unit.kind,
      plate: unit.vehicle?.plate ?? '',
      driver: driver?.name ?? planned?.name ?? '',
      crew: crew.filter((member) => member !== driver).map(({ name }) => name),
      sector: sector ?? '',
      phone: crew.map(({ staffId }) => phones.get(staffId)).find((phone) => phone !== undefined) ?? '',
      status: state.kind === 'free' ? state.status : state.phase,
    },
  ];
}

function patrolOf({ state: { id, callSign, duty } }: UnitRow): PatrolFact[] {
  if (duty === null) return [];
  const { sinceMs, startKm, assignments } = duty;
  return [{ unitId: id, callSign, startedAtMs: sinceMs, startKm, endedAtMs: null, endKm: null, assignments }];
}

import {
  DEFAULT_DISPATCH_RULES,
  MemoryBoard,
  catalogueOf,
  decide,
  evolve,
  isLive,
  isMasked,
  seedTypes,
  statusOf,
  unitStatusOf,
  type DecisionContext,
  type DispatchCommand,
  type DispatchEvent,
  type Incident,
} from '#libs/dispatch';
import { EMPTY_HEAD, seal, type Json, type LedgerHead, type SealedEvent } from '#libs/ledger';

/** `SELECT` and `INSERT` of any PostgreSQL client. */
export type AskRows = (sql: string, values: unknown[]) => Promise<unknown>;

const TYPES = ['ORD-01', 'PAT-02', 'VIF-01', 'ORD-03', 'PAT-03', 'SER-02'];
const UNITS = 14;
const LIVE = 12;
/** Incidents that are over and may still be reopened, linked or corrected. */
const REMEMBERED = 60;
const BATCH = 1_000;

/**
 * A centre that has worked for a while: a ledger as long as wanted, made by the rules themselves from dice, for tests and
 * benchmarks of what reads the past. Nothing of it is random: the same seed makes the same ledger.
 */
export class PastTown {
  readonly board = new MemoryBoard();
  private readonly context: DecisionContext;
  private readonly over: string[] = [];
  private readonly revisions = new Map<string, number>();
  private head: LedgerHead = EMPTY_HEAD;
  private made = 0;
  private dice: number;

  constructor(
    private nowMs: number,
    private readonly stepMs: number,
    /** The account that did everything. */
    by: string,
    seed = 1,
  ) {
    this.dice = seed;
    this.context = {
      nowMs,
      by,
      catalogue: catalogueOf(seedTypes()),
      roll: null,
      rules: DEFAULT_DISPATCH_RULES,
      crewElsewhere: () => false,
    };
  }

  /** The next command that the rules allow, as sealed entries. */
  next(): { readonly sealed: SealedEvent[]; readonly events: readonly DispatchEvent[] } {
    for (;;) {
      this.nowMs += this.stepMs;
      const decided = decide(this.board, this.command(), { ...this.context, nowMs: this.nowMs });
      if (!decided.ok || decided.value.length === 0) continue;
      const commandId = this.id(9);
      const sealed = decided.value.map((event) => this.take(event, commandId));
      return { sealed, events: decided.value };
    }
  }

  /** Fills the ledger with at least so many entries, and the tables of incidents and units with what follows from them. */
  async fill(count: number, ask: AskRows): Promise<void> {
    let waiting: SealedEvent[] = [];
    while (this.head.seq < count) {
      waiting.push(...this.next().sealed);
      if (waiting.length < BATCH) continue;
      await addEntries(waiting, ask);
      await this.addForgotten(ask);
      waiting = [];
    }
    await addEntries(waiting, ask);
    await this.addRows([...this.board.incidents.values()], ask);
    await this.addUnits(ask);
  }

  private take(event: DispatchEvent, commandId: string): SealedEvent {
    const change = evolve(this.board, event);
    this.board.take(change);
    const { kind, by, ...rest } = event;
    const type = kind.startsWith('unit:') ? 'unit' : 'incident';
    const { [`${type}Id`]: id, ...payload } = rest as unknown as Record<string, Json>;
    const sealed = seal(this.head, {
      atMs: this.nowMs,
      kind,
      subject: { type, id: id as string },
      actor: { type: 'account', id: by, name: 'Ana Flores' },
      commandId,
      payload,
    });
    this.head = { seq: sealed.event.seq, hash: sealed.hash };
    for (const incident of change.incidents) {
      this.revisions.set(incident.id, this.head.seq);
      if (!isLive(incident) && !this.over.includes(incident.id)) this.over.push(incident.id);
    }
    for (const unit of change.units) this.revisions.set(unit.id, this.head.seq);
    return sealed;
  }

  private command(): DispatchCommand {
    const units = [...this.board.units.values()];
    if (units.length < UNITS) return this.register(units.length);
    const idle = units.find(({ duty }) => duty === null);
    if (idle) return { kind: 'startDuty', unitId: idle.id, shiftId: null, crew: [crewOf(idle.id)], startKm: null };
    const live = [...this.board.incidents.values()].filter(isLive);
    if (live.length < LIVE) return this.open();
    const one = this.pick(live);
    const roll = this.roll(100);
    if (roll < 4) return { kind: 'reopen', incidentId: this.pick(this.over) ?? one.id, reason: 'Volvieron a llamar' };
    if (roll < 6)
      return { kind: 'link', incidentId: one.id, otherId: this.pick(this.over) ?? one.id, relation: 'related' };
    if (roll < 8) return { kind: 'merge', incidentId: one.id, survivorId: this.pick(live).id, moveUnits: true };
    if (roll < 10)
      return {
        kind: 'amend',
        incidentId: this.pick(this.over) ?? one.id,
        reason: 'Corrige tipo',
        typeCode: this.pick(TYPES),
      };
    if (roll < 12) return { kind: 'setUnitStatus', unitId: this.pick(units).id, status: 'patrolling', reason: 'Ronda' };
    return this.goOn(one);
  }

  private goOn(incident: Incident): DispatchCommand {
    const incidentId = incident.id;
    const active = incident.assignments.filter(({ end }) => end === null)[0];
    if (!active) {
      const attended = incident.assignments.length > 0;
      if (attended) return { kind: 'close', incidentId, disposition: 'attended', note: 'Atendido en el lugar' };
      const free = [...this.board.units.values()].filter(({ state }) => state.kind === 'free');
      const unitId = this.pick(free)?.id ?? '';
      return { kind: 'assign', incidentId, unitId, assignmentId: this.id(4), overrideReason: 'Única unidad libre' };
    }
    const to = { incidentId, unitId: active.unitId };
    if (this.roll(10) < 3) return this.narrate(incidentId);
    if (active.phase === 'assigned') return { kind: 'acknowledgeAssignment', ...to };
    if (active.phase === 'acknowledged') return { kind: 'enRoute', ...to };
    if (active.phase === 'en-route') return { kind: 'arrive', ...to };
    return { kind: 'clear', ...to, note: '' };
  }

  private narrate(incidentId: string): DispatchCommand {
    const text = 'El denunciante indica que dos personas en moto se retiran hacia la avenida.';
    return { kind: 'addNarrative', incidentId, narrativeId: this.id(3), text };
  }

  private open(): DispatchCommand {
    const point = { latitudeDeg: -17.65 + this.roll(200) / 10_000, longitudeDeg: -71.35 + this.roll(200) / 10_000 };
    return {
      kind: 'openIncident',
      incidentId: this.id(1),
      code: `${new Date(this.nowMs).getUTCFullYear()}-${String(this.made).padStart(6, '0')}`,
      channel: 'TEL_LOCAL',
      typeCode: this.pick(TYPES),
      place: { point, sectorId: null, address: 'Jr. Moquegua 123', reference: 'Frente al parque' },
    };
  }

  private register(index: number): DispatchCommand {
    const profile = {
      callSign: `H-${String(index + 1).padStart(2, '0')}`,
      kind: 'MOV',
      vehicle: null,
      equipment: [],
      sectorId: null,
      checkInEveryMs: null,
    } as const;
    return { kind: 'registerUnit', unitId: this.id(2), profile };
  }

  /** What is long over leaves the memory for its table. */
  private async addForgotten(ask: AskRows): Promise<void> {
    const forgotten = this.over.splice(0, Math.max(0, this.over.length - REMEMBERED));
    const incidents = forgotten.map((id) => this.board.incidents.get(id)!).filter((one) => !isLive(one));
    await this.addRows(incidents, ask);
    for (const { id } of incidents) this.board.incidents.delete(id);
  }

  private async addRows(incidents: readonly Incident[], ask: AskRows): Promise<void> {
    const rows = incidents.map((incident) => ({
      id: incident.id,
      code: incident.code,
      status: statusOf(incident),
      live: isLive(incident),
      masked: isMasked(incident),
      opened_by: incident.openedBy,
      opened_at: new Date(incident.openedAtMs),
      updated_at: new Date(incident.updatedAtMs),
      revision: this.revisions.get(incident.id),
      state: incident,
    }));
    await ask(
      `INSERT INTO incident (id, code, status, live, masked, channel, call_at, opened_at, opened_by, updated_at, revision, state)
       SELECT id, code, status, live, masked, 'TEL_LOCAL', opened_at, opened_at, opened_by, updated_at, revision, state
       FROM jsonb_to_recordset($1::jsonb) AS row (id uuid, code text, status text, live boolean, masked boolean, opened_by text,
         opened_at timestamptz, updated_at timestamptz, revision bigint, state jsonb)`,
      [JSON.stringify(rows)],
    );
  }

  private async addUnits(ask: AskRows): Promise<void> {
    const rows = [...this.board.units.values()].map((unit) => ({
      id: unit.id,
      call_sign: unit.callSign,
      status: unitStatusOf(unit),
      revision: this.revisions.get(unit.id),
      state: unit,
    }));
    await ask(
      `INSERT INTO unit (id, call_sign, kind, status, on_duty, in_emergency, updated_at, revision, state)
       SELECT id, call_sign, 'MOV', status, true, false, now(), revision, state
       FROM jsonb_to_recordset($1::jsonb) AS row (id uuid, call_sign text, status text, revision bigint, state jsonb)`,
      [JSON.stringify(rows)],
    );
  }

  /** A UUID that says what it is of and counts: RFC 9562 §5.8, version 8 is whatever one likes. */
  private id(family: number): string {
    const count = (++this.made).toString(16).padStart(12, '0');
    return `0000000${family}-0000-8000-8000-${count}`;
  }

  /** Park and Miller's dice (Comm. ACM 31, 1988): the same for everybody. */
  private roll(sides: number): number {
    this.dice = (this.dice * 48_271) % 2_147_483_647;
    return this.dice % sides;
  }

  private pick<T>(list: readonly T[]): T {
    return list[this.roll(Math.max(1, list.length))]!;
  }
}

function crewOf(unitId: string) {
  return { staffId: unitId, name: 'Sereno', post: 'driver', skills: [] } as const;
}

async function addEntries(sealed: readonly SealedEvent[], ask: AskRows): Promise<void> {
  const rows = sealed.map(({ event, text, hash }) => ({
    seq: event.seq,
    at: new Date(event.atMs),
    kind: event.kind,
    subject_type: event.subject.type,
    subject_id: event.subject.id,
    actor_id: event.actor.id,
    command_id: event.commandId,
    text,
    hash,
  }));
  await ask(
    `INSERT INTO ledger_entry SELECT * FROM jsonb_to_recordset($1::jsonb) AS row (seq bigint, at timestamptz, kind text,
       subject_type text, subject_id text, actor_id text, command_id uuid, text text, hash text)`,
    [JSON.stringify(rows)],
  );
}

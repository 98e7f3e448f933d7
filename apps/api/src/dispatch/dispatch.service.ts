import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { RefusalError, ok, refused, uuidV7, type Result } from '#libs/base';
import {
  checkClientClock,
  decide,
  dispatchRefusal,
  readAlso,
  readBy,
  type Board,
  type DispatchCommand,
  type DispatchEvent,
  type DispatchRules,
} from '#libs/dispatch';
import { DEFAULT_SHIFTS, ZoneTime } from '#libs/shift';
import type { LedgerActor } from '#libs/ledger';
import type { CommandAnswer } from '#libs/wire';
import type { SignedInUser } from '../access/signed-in.ts';
import { CLOCK, type Clock } from '../clock.ts';
import type { LedgerChange, LedgerTurn } from '../ledger/ledger-command.ts';
import { LedgerService } from '../ledger/ledger.service.ts';
import { BoardRows } from './board-rows.ts';
import { DispatchContext } from './dispatch-context.ts';
import { draftOf } from './dispatch-kinds.ts';
import { DISPATCH_RULES } from './dispatch-rules.ts';

const CENTRE_TIME = new ZoneTime(DEFAULT_SHIFTS.timeZone);

/** The envelope of a command as it came over the wire. */
export interface Envelope {
  readonly commandId: string;
  readonly sentAtMs: number;
}

type Distributed<C, Left extends string> = C extends DispatchCommand ? Omit<C, Left> : never;
/** A command as a page sends it: the code of a new incident is the centre's to give. */
export type Wish = Exclude<DispatchCommand, { kind: 'openIncident' }> | WishToOpen;
type WishToOpen = Distributed<Extract<DispatchCommand, { kind: 'openIncident' }>, 'code'>;
/** What a crew says of itself: its unit is the server's to know. */
export type OwnReport = Distributed<Extract<DispatchCommand, { unitId: string }>, 'unitId'> | IncidentReport;
type IncidentReport = Extract<DispatchCommand, { kind: 'requestBackup' | 'addNarrative' }>;

/** What only the centre says of a unit. */
export type CentreFinding = Extract<DispatchCommand, { kind: 'raiseStray' | 'endStray' }>;
const CENTRE: LedgerActor = { type: 'system', id: 'centre' };

/** More that one transaction does. */
type AndAlso = (manager: EntityManager) => Promise<void>;
type Found = Result<{ readonly command: DispatchCommand; readonly unitIds: readonly string[] }>;
type Answer = { readonly [K in Exclude<keyof CommandAnswer, 'seq'>]: string | null };

/** Every change to incidents and units: locks what it reads, decides, folds, writes the rows and the events as one. */
@Injectable()
export class DispatchService {
  constructor(
    private readonly ledger: LedgerService,
    private readonly context: DispatchContext,
    @Inject(DISPATCH_RULES) private readonly rules: DispatchRules,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws {RefusalError} a code of `DISPATCH_CODES`, or of the ledger. The same `commandId` is answered as before. */
  run(wish: Wish, envelope: Envelope, by: SignedInUser, also?: AndAlso): Promise<CommandAnswer> {
    const find = (): Promise<Found> => {
      const command = wish.kind === 'openIncident' ? { ...wish, code: '' } : wish;
      return Promise.resolve(ok({ command, unitIds: [] }));
    };
    return this.execute(wish.kind, wish, find, envelope, actorOf(by), also);
  }

  /** The same for a crew and its own unit. @throws {RefusalError} `no-own-unit`, and as {@link run}. */
  runForOwnUnit(report: OwnReport, envelope: Envelope, by: SignedInUser): Promise<CommandAnswer> {
    const find = async ({ manager }: LedgerTurn): Promise<Found> => {
      const unitId = await ownUnit(by.accountId, manager);
      if (unitId === undefined) return no('no-own-unit', 'you are in no crew that is on duty');
      return ok({ command: { ...report, unitId } as DispatchCommand, unitIds: [unitId] });
    };
    return this.execute(`own-${report.kind}`, report, find, envelope, actorOf(by));
  }

  /** What the centre finds by itself, from positions. Repeated, it changes nothing. @throws {RefusalError} as {@link run}. */
  async runForCentre(finding: CentreFinding): Promise<void> {
    const nowMs = this.clock.nowMs();
    const find = (): Promise<Found> => Promise.resolve(ok({ command: finding, unitIds: [] }));
    await this.execute(finding.kind, finding, find, { commandId: uuidV7(nowMs), sentAtMs: nowMs }, CENTRE);
  }

  private async execute(
    name: string,
    input: unknown,
    find: (turn: LedgerTurn) => Promise<Found>,
    { commandId, sentAtMs }: Envelope,
    actor: LedgerActor,
    also?: AndAlso,
  ): Promise<CommandAnswer> {
    const inTime = checkClientClock(sentAtMs, this.clock.nowMs(), this.rules);
    if (!inTime.ok) throw new RefusalError(inTime.refusal);
    const outcome = await this.ledger.execute<Answer>({
      commandId,
      actor,
      name: `dispatch:${name}`,
      input,
      run: async (turn) => {
        const found = await find(turn);
        if (!found.ok) return found;
        return this.take(found.value.command, found.value.unitIds, actor.id, turn, also);
      },
    });
    if (!outcome.ok) throw new RefusalError(outcome.refusal);
    return { ...outcome.value.value, seq: outcome.value.events?.lastSeq ?? null };
  }

  /** Everybody waits for this: what does not depend on each other is sent at once. */
  private async take(
    wish: DispatchCommand,
    ownUnitIds: readonly string[],
    by: string,
    turn: LedgerTurn,
    also: AndAlso = () => Promise.resolve(),
  ): Promise<Result<LedgerChange<Answer>>> {
    const { manager, firstSeq } = turn;
    const rows = new BoardRows(manager, true);
    const [command, types] = await Promise.all([
      withCode(wish, turn),
      this.context.typesNamedBy(wish, manager),
      rows.load(withUnits(readBy(wish), ownUnitIds), true),
    ]);
    await rows.load(readAlso(rows.board, command), true);
    const allowed = await checkBeside(command, rows.board, ownUnitIds, manager);
    if (!allowed.ok) return allowed;
    const decided = decide(rows.board, command, await this.context.of(command, types, rows.board, by, turn));
    if (!decided.ok) return decided;
    for (const [index, event] of decided.value.entries()) rows.take(event, firstSeq + index);
    await rows.write();
    if (decided.value.length > 0) await also(manager);
    return ok({ value: answerOf(command, decided.value, rows.board), events: decided.value.map(draftOf) });
  }
}

function actorOf({ accountId, displayName }: SignedInUser): LedgerActor {
  return { type: 'account', id: accountId, name: displayName };
}

function no(code: Parameters<typeof dispatchRefusal>[0], message: string, details?: Record<string, unknown>) {
  return refused(dispatchRefusal(code, message, details));
}

function withUnits(reads: ReturnType<typeof readBy>, unitIds: readonly string[]): ReturnType<typeof readBy> {
  return { ...reads, unitIds: [...new Set([...reads.unitIds, ...unitIds])].sort() };
}

/** What a decision cannot know: a call sign is one unit's, and a crew speaks of what it attends alone. */
async function checkBeside(
  command: DispatchCommand,
  board: Board,
  ownUnitIds: readonly string[],
  manager: EntityManager,
): Promise<Result<null>> {
  if (command.kind === 'registerUnit' || command.kind === 'changeUnit') {
    const callSign = command.profile.callSign.trim();
    const taken = await manager.query<unknown[]>(
      'SELECT 1 FROM unit WHERE lower(call_sign) = lower($1) AND retired_at IS NULL AND id <> $2',
      [callSign, command.unitId],
    );
    if (taken.length > 0) return no('call-sign-taken', `another unit is called ${callSign}`);
  }
  const [ownUnitId] = ownUnitIds;
  if (ownUnitId === undefined || !('incidentId' in command)) return ok(null);
  const state = board.unit(ownUnitId)?.state;
  if (state?.kind === 'assigned' && state.incidentId === command.incidentId) return ok(null);
  return no('assignment-unknown', 'your unit does not attend this incident');
}

function answerOf(command: DispatchCommand, events: readonly DispatchEvent[], board: Board): Answer {
  const incidentId = 'incidentId' in command ? command.incidentId : null;
  const unitId = 'unitId' in command ? command.unitId : (events.find((event) => 'unitId' in event)?.unitId ?? null);
  return { incidentId, code: incidentId === null ? null : (board.incident(incidentId)?.code ?? null), unitId };
}

async function withCode(command: DispatchCommand, { manager, atMs }: LedgerTurn): Promise<DispatchCommand> {
  return command.kind === 'openIncident' ? { ...command, code: await nextCode(atMs, manager) } : command;
}

/** `2026-000123`: the year is that of the centre's calendar. The number is taken when the incident is written. */
async function nextCode(atMs: number, manager: EntityManager): Promise<string> {
  const year = Number(CENTRE_TIME.dateOf(atMs).slice(0, 4));
  const rows = await manager.query<{ last: number }[]>('SELECT last FROM incident_code WHERE year = $1 FOR UPDATE', [
    year,
  ]);
  return `${year}-${String((rows[0]?.last ?? 0) + 1).padStart(6, '0')}`;
}

/** The unit on duty in whose crew an account is: its id is the member's `staffId`. Nobody is in two crews. */
async function ownUnit(accountId: string, manager: EntityManager): Promise<string | undefined> {
  const rows = await manager.query<{ id: string }[]>(
    `SELECT id FROM unit WHERE on_duty AND state -> 'duty' -> 'crew' @> $1::jsonb`,
    [JSON.stringify([{ staffId: accountId }])],
  );
  return rows[0]?.id;
}

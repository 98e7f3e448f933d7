import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { RefusalError, ok, type Result } from '#libs/base';
import { canonical, sha256Hex, type Json } from '#libs/ledger';
import {
  DEFAULT_SHIFT_RULES,
  ShiftTable,
  countersign,
  openHandover,
  renewFacts,
  reopen,
  saveSection,
  shiftRefusal,
  sign,
  signedContent,
  type Handover,
  type Shift,
  type Signature,
} from '#libs/shift';
import type {
  CountersignHandoverBody,
  HandoverPage,
  HandoverQuery,
  HandoverView,
  ReopenHandoverBody,
  SaveSectionBody,
  SignHandoverBody,
} from '#libs/wire';
import type { SignedInUser } from '../access/signed-in.ts';
import { CLOCK, type Clock } from '../clock.ts';
import type { LedgerTurn } from '../ledger/ledger-command.ts';
import { ShiftCommands, no } from '../shifts/shift-commands.ts';
import { SHIFT_KINDS } from '../shifts/shift-kinds.ts';
import { ShiftStore } from '../shifts/shift.store.ts';
import { FactsStore } from './facts.store.ts';
import { HandoverEntity } from './handover.entity.ts';
import { HandoverStore } from './handover.store.ts';

/** The book of a shift: a draft that many write, two signatures, and then it stands. */
@Injectable()
export class HandoverService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly store: HandoverStore,
    private readonly facts: FactsStore,
    private readonly shifts: ShiftStore,
    private readonly commands: ShiftCommands,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  page(query: HandoverQuery): Promise<HandoverPage> {
    return this.store.page(query);
  }

  /** @throws {RefusalError} `handover-unknown`. */
  async view(shiftId: string): Promise<HandoverView> {
    const row = await this.store.byId(shiftId);
    if (!row) throw unknown(shiftId);
    return this.viewOf(row);
  }

  /** Begins the book, or shows the one that was begun. @throws {RefusalError} `shift-unknown`, `handover-too-early`. */
  async open(shiftId: string, by: SignedInUser): Promise<HandoverView> {
    const before = await this.store.byId(shiftId);
    if (before) return this.viewOf(before);
    const shift = new ShiftTable(await this.shifts.calendar()).find(shiftId);
    if (!shift) throw new RefusalError(shiftRefusal('shift-unknown', 'the calendar has no such shift', { shiftId }));
    const facts = await this.facts.take(shift, this.clock.nowMs());
    const begun = openHandover(shift, facts, this.signatureOf(by), DEFAULT_SHIFT_RULES);
    if (!begun.ok) throw new RefusalError(begun.refusal);
    await this.store.insert(begun.value, this.clock.nowMs());
    return this.view(shiftId);
  }

  /** Autosave. @throws {RefusalError} `handover-unknown`, and as `saveSection` of libs/shift. */
  async save(shiftId: string, body: SaveSectionBody, by: SignedInUser): Promise<HandoverView> {
    const { section, text, baseRevision } = body;
    return this.change(shiftId, (handover) => saveSection(handover, section, text, baseRevision, this.signatureOf(by)));
  }

  /** Takes the facts of the board again. */
  async renew(shiftId: string): Promise<HandoverView> {
    const { shift } = await this.view(shiftId);
    const facts = await this.facts.take(shift as Shift, this.clock.nowMs());
    return this.change(shiftId, (handover) => renewFacts(handover, facts));
  }

  private async change(shiftId: string, decide: (handover: Handover) => Result<Handover>): Promise<HandoverView> {
    const row = await this.dataSource.transaction(async (manager) => {
      const before = await this.store.lock(shiftId, manager);
      if (!before) throw unknown(shiftId);
      const after = decide(before.state);
      if (!after.ok) throw new RefusalError(after.refusal);
      return this.store.write(before, after.value, before.signedSeq, this.clock.nowMs(), manager);
    });
    return this.viewOf(row);
  }

  async sign(shiftId: string, body: SignHandoverBody, by: SignedInUser): Promise<HandoverView> {
    const { revisions, ...envelope } = body;
    const { shift } = await this.view(shiftId);
    const facts = await this.facts.take(shift as Shift, this.clock.nowMs());
    await this.commands.run('signHandover', { shiftId, revisions }, envelope, by, async (turn) => {
      const { manager, atMs, firstSeq } = turn;
      const found = await this.found(shiftId, manager);
      if (!found.ok) return found;
      const after = sign(found.value.state, revisions, facts, { ...this.signatureOf(by), atMs });
      if (!after.ok) return after;
      await this.store.write(found.value, after.value, String(firstSeq), atMs, manager);
      const payload = { atMs, sha256: hashOf(after.value), revisions };
      return ok([SHIFT_KINDS.draft('handover:signed', shiftId, payload)]);
    });
    return this.view(shiftId);
  }

  async reopen(shiftId: string, body: ReopenHandoverBody, by: SignedInUser): Promise<HandoverView> {
    const { reason, ...envelope } = body;
    await this.commands.run('reopenHandover', { shiftId, reason }, envelope, by, async ({ manager, atMs }) => {
      const found = await this.found(shiftId, manager);
      if (!found.ok) return found;
      const after = reopen(found.value.state, reason, { ...this.signatureOf(by), atMs }, DEFAULT_SHIFT_RULES);
      if (!after.ok) return after;
      await this.store.write(found.value, after.value, null, atMs, manager);
      return ok([SHIFT_KINDS.draft('handover:reopened', shiftId, { atMs, reason })]);
    });
    return this.view(shiftId);
  }

  async countersign(shiftId: string, envelope: CountersignHandoverBody, by: SignedInUser): Promise<HandoverView> {
    await this.commands.run('countersignHandover', { shiftId }, envelope, by, async (turn: LedgerTurn) => {
      const { manager, atMs } = turn;
      const found = await this.found(shiftId, manager);
      if (!found.ok) return found;
      const after = countersign(found.value.state, { ...this.signatureOf(by), atMs });
      if (!after.ok) return after;
      await this.store.write(found.value, after.value, found.value.signedSeq, atMs, manager);
      return ok([SHIFT_KINDS.draft('handover:countersigned', shiftId, { atMs, sha256: hashOf(after.value) })]);
    });
    return this.view(shiftId);
  }

  private async found(shiftId: string, manager: EntityManager): Promise<Result<HandoverEntity>> {
    const row = await this.store.lock(shiftId, manager);
    return row ? ok(row) : no('handover-unknown', 'nobody began the book of this shift', { shiftId });
  }

  private signatureOf({ accountId, displayName }: SignedInUser): Signature {
    return { atMs: this.clock.nowMs(), by: accountId, name: displayName };
  }

  private async viewOf({ shiftId, state, signedSeq }: HandoverEntity): Promise<HandoverView> {
    const sha256 = signedSeq === null ? null : await this.store.signedHash(shiftId, signedSeq);
    const intact = state.state.kind === 'draft' ? null : sha256 !== null && sha256 === hashOf(state);
    return { ...(state as unknown as Omit<HandoverView, 'sha256' | 'intact'>), sha256, intact };
  }
}

function hashOf(handover: Handover): string {
  return sha256Hex(canonical(JSON.parse(JSON.stringify(signedContent(handover))) as Json));
}

function unknown(shiftId: string): RefusalError {
  return new RefusalError(shiftRefusal('handover-unknown', 'nobody began the book of this shift', { shiftId }));
}

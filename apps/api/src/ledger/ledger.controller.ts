import { Controller, Get, HttpCode, Inject, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ledgerEventFor, type Role } from '#libs/access';
import type { LedgerEvent } from '#libs/ledger';
import {
  ledgerKeyView,
  ledgerPage,
  ledgerQuery,
  ledgerStateView,
  signedHeadView,
  type LedgerEntryView,
  type LedgerKeyView,
  type LedgerPage,
  type LedgerQuery,
  type LedgerStateView,
  type SignedHeadView,
} from '#libs/wire';
import { Limited } from '../access/rate.guard.ts';
import { Requires } from '../access/requires.ts';
import { SignedIn, type SignedInUser } from '../access/signed-in.ts';
import { CLOCK, type Clock } from '../clock.ts';
import { Answers } from '../http/open-api.ts';
import type { LedgerEntryEntity } from './ledger-entry.entity.ts';
import { KINDS, LedgerService, type RegisteredKinds } from './ledger.service.ts';
import { LedgerStore } from './ledger.store.ts';
import { SignedHeadsService } from './signed-heads.service.ts';
import { VerificationService } from './verification.service.ts';

/** Reading and checking the ledger. Nothing here changes an entry. */
@ApiTags('ledger')
@Controller('api/ledger')
@Requires('ledger:read')
export class LedgerController {
  constructor(
    private readonly store: LedgerStore,
    private readonly ledger: LedgerService,
    private readonly heads: SignedHeadsService,
    private readonly verification: VerificationService,
    @Inject(KINDS) private readonly kinds: RegisteredKinds,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Newest first, by the last number seen: what is appended meanwhile neither repeats nor hides others. */
  @Get()
  @Answers(ledgerPage)
  async page(@Query({ schema: ledgerQuery }) query: LedgerQuery, @SignedIn() user: SignedInUser): Promise<LedgerPage> {
    const found = await this.store.page(query);
    const entries = found.slice(0, query.limit).map(({ event, row }) => entryViewOf(event, row, user.role));
    return { entries, nextBefore: found.length > query.limit ? (entries.at(-1)?.seq ?? null) : null };
  }

  @Get('state')
  @Answers(ledgerStateView)
  async state(): Promise<LedgerStateView> {
    const [head, signed, last] = await Promise.all([
      this.store.head(),
      this.store.lastSigned(),
      this.verification.last(),
    ]);
    return {
      head,
      signed: signed ?? null,
      keyId: this.heads.key.keyId,
      writesHere: this.ledger.writesHere,
      running: this.verification.running,
      last,
      kinds: [...this.kinds.names],
      serverNowMs: this.clock.nowMs(),
    };
  }

  /** The public key, to be kept elsewhere. */
  @Get('key')
  @Answers(ledgerKeyView)
  key(): LedgerKeyView {
    const { keyId, publicKeyPem } = this.heads.key;
    return { keyId, publicKeyPem };
  }

  /** Signs the head now, to be kept elsewhere. */
  @Post('heads')
  @HttpCode(200)
  @Limited('ledger-sign', 10)
  @Answers(signedHeadView)
  sign(): Promise<SignedHeadView> {
    return this.heads.sign();
  }

  /** Begins to check every entry and head; `GET state` tells how it goes. */
  @Post('verifications')
  @HttpCode(202)
  @Limited('ledger-verify', 6)
  async verify(@SignedIn() user: SignedInUser): Promise<void> {
    await this.verification.start(user);
  }
}

/**
 * Who reads the ledger sees that every entry is there, and of its content what the redaction lets this role see. Of an entry
 * whose text was altered the columns are all there is.
 */
function entryViewOf(event: LedgerEvent | undefined, row: LedgerEntryEntity, role: Role): LedgerEntryView {
  const seen = event && ledgerEventFor(role, event);
  return {
    seq: Number(row.seq),
    atMs: row.at.getTime(),
    kind: row.kind,
    subject: { type: row.subjectType, id: row.subjectId },
    actor: seen?.actor ?? { type: event?.actor.type ?? 'unknown', id: row.actorId },
    payload: seen?.payload ?? {},
    redacted: seen ? [...seen.redacted] : ['*'],
    commandId: row.commandId,
    hash: row.hash,
  };
}

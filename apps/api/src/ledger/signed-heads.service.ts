import { createHash } from 'node:crypto';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { RefusalError, ok, reasonOf, sleep, type Logger } from '#libs/base';
import { LEDGER_KINDS, publicKeyText, signHead, type SignedHead } from '#libs/ledger';
import { CLOCK, type Clock } from '../clock.ts';
import { API_CONFIG, type ApiConfig } from '../config.ts';
import { LOGGER } from '../logging.ts';
import { LedgerService } from './ledger.service.ts';
import { LedgerStore } from './ledger.store.ts';
import { keepHead, openSigningKey, type SigningKey } from './signing-key.ts';

const SIGN_EVERY_MS = 60_000;
const RETRY_MS = 1_000;

/** Signs the head each minute in which something was appended, and when asked. Only the process that writes does so. */
@Injectable()
export class SignedHeadsService implements OnModuleInit, BeforeApplicationShutdown {
  readonly key: SigningKey;
  private readonly stopping = new AbortController();
  private loop: Promise<void> = Promise.resolve();
  private adopted = false;

  constructor(
    private readonly ledger: LedgerService,
    private readonly store: LedgerStore,
    @Inject(API_CONFIG) private readonly config: ApiConfig,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.key = openSigningKey(config.dataFolder);
  }

  onModuleInit(): void {
    this.loop = this.run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.loop;
  }

  /** Signs what is committed now. The last signed head again when nothing was appended since. @throws {RefusalError} */
  async sign(): Promise<SignedHead> {
    await this.adoptKey();
    const head = await this.store.head();
    const last = await this.store.lastSigned();
    if (last?.seq === head.seq && last.hash === head.hash && last.keyId === this.key.keyId) return last;
    const signed = signHead(head, this.clock.nowMs(), this.key.keyId, this.key.privateKey);
    if (await this.store.addHead(signed)) keepHead(this.config.dataFolder, signed);
    return signed;
  }

  private async run(): Promise<void> {
    let waitMs = 0;
    while (await sleep(this.clock, waitMs, this.stopping.signal)) {
      waitMs = this.adopted ? SIGN_EVERY_MS : RETRY_MS;
      if (!this.ledger.writesHere) continue;
      try {
        await this.sign();
        waitMs = SIGN_EVERY_MS;
      } catch (thrown) {
        this.logger.warn({ reason: reasonOf(thrown) }, 'the head of the ledger could not be signed');
      }
    }
  }

  /** The chain itself says which key vouches for it from here on. Once per key: the command's id follows from the key. */
  private async adoptKey(): Promise<void> {
    if (this.adopted) return;
    const { keyId, publicKey } = this.key;
    const draft = LEDGER_KINDS.draft('ledger:keyAdopted', keyId, { publicKey: publicKeyText(publicKey) });
    const result = await this.ledger.execute({
      commandId: idOfKey(keyId),
      actor: { type: 'system', id: 'api' },
      name: 'ledger:adoptKey',
      input: { keyId },
      run: () => Promise.resolve(ok({ value: null, events: [draft] })),
    });
    if (!result.ok) throw new RefusalError(result.refusal);
    this.adopted = true;
  }
}

/** A UUID of version 8 (RFC 9562 §5.8) made of the key's id. */
function idOfKey(keyId: string): string {
  const hex = createHash('sha256').update(`ledger:adoptKey ${keyId}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

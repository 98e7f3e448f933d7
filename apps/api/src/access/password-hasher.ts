import { hash, verify, type Options } from '@node-rs/argon2';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { RefusalError, refusal } from '#libs/base';

/** The package's `Algorithm.Argon2id`, a const enum that isolated modules cannot read (RFC 9106 §3.1: y = 2). */
const ARGON2ID = 2;

/**
 * argon2id with 64 MiB, three passes and four lanes: the second recommended choice of RFC 9106 §4, for machines where
 * memory is shared. One hash takes 30 to 100 ms of a small machine.
 */
const PARAMETERS: Options = { algorithm: ARGON2ID, memoryCost: 65_536, timeCost: 3, parallelism: 4 };

const DECOY = 'a password that no account has';

/** Hashes at once: 128 MiB and the cores of a small machine, so that a storm of logins cannot starve the relay. */
const MAX_RUNNING = 2;
/** Waiting behind them; one to two seconds' worth. More are told to come back. */
const MAX_WAITING = 32;
const RETRY_AFTER_S = 3;

/** Hashes and checks passwords with bounded memory and load. */
@Injectable()
export class PasswordHasher implements OnModuleInit {
  private running = 0;
  private readonly waiting: (() => void)[] = [];
  /** Hash of a password that nobody has, made once, checked when the account does not exist. */
  private decoy: Promise<string> | undefined;

  /** Made before the first login, which would else take longer for an unknown name. */
  async onModuleInit(): Promise<void> {
    this.decoy = hash(DECOY, PARAMETERS);
    await this.decoy;
  }

  /** @throws {RefusalError} `sign-in-busy` when too many wait already. */
  hash(password: string): Promise<string> {
    return this.inTurn(() => hash(password, PARAMETERS));
  }

  /**
   * Whether `password` is the one that `stored` was made of. Without `stored` (no such account) it does the same work
   * and answers `false`: the time taken does not tell which usernames exist.
   */
  async matches(stored: string | undefined, password: string): Promise<boolean> {
    this.decoy ??= hash(DECOY, PARAMETERS);
    const against = stored ?? (await this.decoy);
    const equal = await this.inTurn(() => verify(against, password));
    return equal && stored !== undefined;
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.running < MAX_RUNNING) this.running++;
    else await this.waitForTurn();
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      // The place is handed on, not freed: nobody can slip in between.
      if (next) next();
      else this.running--;
    }
  }

  private waitForTurn(): Promise<void> {
    if (this.waiting.length >= MAX_WAITING) {
      const details = { retryAfterS: RETRY_AFTER_S };
      throw new RefusalError(refusal('too-many', 'sign-in-busy', 'too many logins at once, try again', details));
    }
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}

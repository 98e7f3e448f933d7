import { Injectable } from '@nestjs/common';
import { LoginThrottle, type LoginAttempt } from './login-throttle.ts';
import { PasswordHasher } from './password-hasher.ts';

/** A password that somebody typed, and where. */
export interface TypedPassword {
  readonly username: string;
  readonly password: string;
  readonly ip: string;
  /** The account signed in from this address before. */
  readonly knownPlace: boolean;
}

/** The one way to check a password: counted first, then checked, so that no route is a way to guess faster. */
@Injectable()
export class PasswordService {
  constructor(
    private readonly hasher: PasswordHasher,
    private readonly throttle: LoginThrottle,
  ) {}

  /** @throws {RefusalError} `sign-in-busy`. */
  hash(password: string): Promise<string> {
    return this.hasher.hash(password);
  }

  /**
   * Answers the attempt when the password is right, so that the caller can say that all else was right too; `undefined`
   * when it is wrong or `storedHash` is absent.
   * @throws {RefusalError} `too-many-logins`, `sign-in-busy`.
   */
  async check(storedHash: string | undefined, typed: TypedPassword): Promise<LoginAttempt | undefined> {
    const attempt = this.throttle.begin(typed.username, typed.ip, typed.knownPlace);
    return (await this.hasher.matches(storedHash, typed.password)) ? attempt : undefined;
  }
}

import { describe, expect, it } from '@jest/globals';
import { RefusalError } from '#libs/base';
import { PasswordHasher } from './password-hasher.ts';

describe('PasswordHasher', () => {
  it('makes argon2id of 64 MiB, three passes and four lanes, salted anew each time', async () => {
    const hasher = new PasswordHasher();
    const [one, other] = [await hasher.hash('clave'), await hasher.hash('clave')];
    expect(one).toMatch(/^\$argon2id\$v=19\$m=65536,t=3,p=4\$/);
    expect(one).not.toBe(other);
    expect([await hasher.matches(one, 'clave'), await hasher.matches(one, 'Clave')]).toEqual([true, false]);
  });

  it('verifies the hash of another implementation of RFC 9106', async () => {
    // Made by the reference implementation: echo -n password | argon2 somesalt -id -t 2 -m 16 -p 1 (its test.c).
    const reference = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
    const hasher = new PasswordHasher();
    expect(await hasher.matches(reference, 'password')).toBe(true);
    expect(await hasher.matches(reference, 'differentpassword')).toBe(false);
  });

  it('never matches an account that does not exist', async () => {
    expect(await new PasswordHasher().matches(undefined, 'a password that no account has')).toBe(false);
  });

  it('queues a storm to its bound, refuses the rest, and serves again', async () => {
    const hasher = new PasswordHasher();
    await hasher.onModuleInit();
    const results = await Promise.allSettled(Array.from({ length: 40 }, () => hasher.matches(undefined, 'x')));
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused).toHaveLength(40 - 2 - 32);
    const first = refused[0] as PromiseRejectedResult;
    expect(first.reason).toBeInstanceOf(RefusalError);
    expect((first.reason as RefusalError).refusal).toMatchObject({ kind: 'too-many', code: 'sign-in-busy' });
    expect(await hasher.matches(undefined, 'x')).toBe(false);
  });
});

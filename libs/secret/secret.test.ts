import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { deriveKey, open, parseMasterKey, seal, signTicket, verifyTicket, type VideoTicket } from '#libs/secret';

const master = Buffer.alloc(32, 7);

describe('parseMasterKey', () => {
  it('takes 32 bytes as hex or base64 and nothing else', () => {
    expect(parseMasterKey(master.toString('hex'))).toEqual(master);
    expect(parseMasterKey(`${master.toString('base64')}\n`)).toEqual(master);
    expect(parseMasterKey('short')).toBeUndefined();
  });
});

describe('seal', () => {
  const key = deriveKey(master, 'camera-credential');

  it('opens only with its key, its binding and its own bytes', () => {
    const sealed = seal(key, Buffer.from('secreto'), 'camera-1');
    expect(open(key, sealed, 'camera-1')?.toString()).toBe('secreto');
    expect(open(key, sealed, 'camera-2')).toBeUndefined();
    expect(open(deriveKey(master, 'video-ticket'), sealed, 'camera-1')).toBeUndefined();
    for (let at = 0; at < sealed.length; at++) {
      const bent = Buffer.from(sealed);
      bent[at] = bent[at]! ^ 1;
      expect(open(key, bent, 'camera-1')).toBeUndefined();
    }
  });

  it('refuses arbitrary bytes without throwing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => open(key, Buffer.from(bytes), 'x') === undefined),
    );
  });
});

describe('ticket', () => {
  const key = deriveKey(master, 'video-ticket');
  const ticket: VideoTicket = { cameraId: 'c', accountId: 'a', stream: 'sub', expiresAtMs: 2_000 };

  it('says what it was given until it expires', () => {
    const text = signTicket(key, ticket);
    expect(verifyTicket(key, text, 1_999)).toEqual({ ok: true, ticket });
    const converted: VideoTicket = { ...ticket, as: 'h264' };
    expect(verifyTicket(key, signTicket(key, converted), 0)).toEqual({ ok: true, ticket: converted });
    expect(verifyTicket(key, text, 2_000)).toEqual({ ok: false, code: 'ticket-expired' });
    expect(verifyTicket(randomBytes(32), text, 0)).toEqual({ ok: false, code: 'ticket-forged' });
  });

  it('refuses anything else without throwing', () => {
    fc.assert(fc.property(fc.string({ maxLength: 600 }), (text) => !verifyTicket(key, text, 0).ok));
  });
});

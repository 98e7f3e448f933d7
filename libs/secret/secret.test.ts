import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  deriveKey,
  isPublishKey,
  isStreamName,
  newPublishKey,
  newStreamName,
  open,
  parseMasterKey,
  publishKeyHash,
  seal,
  signTicket,
  verifyTicket,
  type VideoTicket,
} from '#libs/secret';

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
    const overview: VideoTicket = { ...ticket, use: 'overview' };
    expect(verifyTicket(key, signTicket(key, overview), 0, 'overview')).toEqual({ ok: true, ticket: overview });
    expect(verifyTicket(key, signTicket(key, overview), 0)).toEqual({ ok: false, code: 'ticket-for-overview' });
    expect(verifyTicket(key, text, 0, 'overview')).toEqual({ ok: true, ticket });
    expect(verifyTicket(key, text, 2_000)).toEqual({ ok: false, code: 'ticket-expired' });
    expect(verifyTicket(randomBytes(32), text, 0)).toEqual({ ok: false, code: 'ticket-forged' });
  });

  it('refuses anything else without throwing', () => {
    fc.assert(fc.property(fc.string({ maxLength: 600 }), (text) => !verifyTicket(key, text, 0).ok));
  });
});

describe('publish key', () => {
  it('is 160 bits of which each counts, and its stream name is short', () => {
    const keys = Array.from({ length: 200 }, newPublishKey);
    expect(new Set(keys).size).toBe(keys.length);
    // Every place takes every letter: a bit that was lost would leave some out.
    for (const place of [0, 15, 31]) expect(new Set(keys.map((key) => key[place])).size).toBeGreaterThan(24);
    expect(keys.every((key) => key.length === 32 && isPublishKey(key, publishKeyHash(key)))).toBe(true);
    expect(isStreamName(newStreamName())).toBe(true);
  });

  it('opens nothing of another key, and no text of another form is one', () => {
    const hash = publishKeyHash(newPublishKey());
    expect(isPublishKey(newPublishKey(), hash)).toBe(false);
    fc.assert(
      fc.property(fc.string(), (text) => !isPublishKey(text, publishKeyHash(text)) || /^[0-9a-z]{32}$/.test(text)),
    );
    expect(isStreamName('../../ab')).toBe(false);
    expect(isPublishKey('', Buffer.alloc(0))).toBe(false);
  });
});

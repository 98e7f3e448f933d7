import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { DigestGate, parseDigest, type DigestAlgorithm } from './digest.ts';

const LOGIN = { username: 'atalaya', password: 'clave-1' };
const URI = 'rtsp://127.0.1.1:8554/live/main';

function answer(challenge: string, password: string, algorithm: DigestAlgorithm = 'MD5'): string {
  const hash = (text: string): string =>
    createHash(algorithm === 'MD5' ? 'md5' : 'sha256')
      .update(text)
      .digest('hex');
  const nonce = /nonce="([0-9a-f]+)"/.exec(challenge)![1]!;
  const response = hash(`${hash(`atalaya:cam:${password}`)}:${nonce}:${hash(`DESCRIBE:${URI}`)}`);
  const named = algorithm === 'MD5' ? '' : ', algorithm=SHA-256';
  return `Digest username="atalaya", realm="cam", nonce="${nonce}", uri="${URI}", response="${response}"${named}`;
}

describe('DigestGate', () => {
  it('challenges, then grants the right answer and no other', () => {
    const gate = new DigestGate('cam', LOGIN, ['MD5'], 60_000, 0);
    const challenges = gate.check('DESCRIBE', undefined, 0);
    if (challenges === 'granted') throw new Error('granted without login');
    expect(challenges[0]).toMatch(/^Digest realm="cam", nonce="[0-9a-f]{32}"$/);
    expect(gate.check('DESCRIBE', answer(challenges[0]!, 'clave-1'), 1)).toBe('granted');
    expect(gate.check('SETUP', answer(challenges[0]!, 'clave-1'), 1)).not.toBe('granted');
    expect(gate.check('DESCRIBE', answer(challenges[0]!, 'clave-2'), 1)).not.toBe('granted');
    expect(gate.check('DESCRIBE', 'Basic YXRhbGF5YTpjbGF2ZS0x', 1)).not.toBe('granted');
  });

  it('offers SHA-256 first and takes either', () => {
    const gate = new DigestGate('cam', LOGIN, ['SHA-256', 'MD5'], 60_000, 0);
    const challenges = gate.check('DESCRIBE', undefined, 0) as readonly string[];
    expect(challenges.map((challenge) => /algorithm=(\S+)/.exec(challenge)?.[1])).toEqual(['SHA-256', 'MD5']);
    expect(gate.check('DESCRIBE', answer(challenges[0]!, 'clave-1', 'SHA-256'), 1)).toBe('granted');
    expect(gate.check('DESCRIBE', answer(challenges[1]!, 'clave-1', 'MD5'), 1)).toBe('granted');
  });

  it('says stale, with a new nonce, when only the nonce is too old', () => {
    const gate = new DigestGate('cam', LOGIN, ['MD5'], 1_000, 0);
    const [first] = gate.check('DESCRIBE', undefined, 0) as readonly string[];
    const [second] = gate.check('DESCRIBE', answer(first!, 'clave-1'), 1_001) as readonly string[];
    expect(second).toContain('stale=TRUE');
    expect(gate.check('DESCRIBE', answer(second!, 'clave-1'), 1_002)).toBe('granted');
    const [third] = gate.check('DESCRIBE', answer(second!, 'wrong'), 9_000) as readonly string[];
    expect(third).not.toContain('stale');
  });

  it('reads quoted and bare parameters, and gives up on too many', () => {
    expect(parseDigest('Digest a="x y", B=z')?.get('b')).toBe('z');
    expect(parseDigest('Basic x')).toBeUndefined();
    expect(parseDigest(`Digest ${'a="1", '.repeat(40)}`)?.size).toBe(1);
    const many = Array.from({ length: 40 }, (_, n) => `p${'a'.repeat(n)}=1`).join(', ');
    expect(parseDigest(`Digest ${many}`)).toBeUndefined();
  });
});

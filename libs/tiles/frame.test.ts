import { describe, expect, it } from '@jest/globals';
import {
  FLAG_ARRIVAL,
  FLAG_DISCONTINUITY,
  FLAG_KEY,
  FLAG_MORE,
  FRAME_HEADER_BYTES,
  FRAME_KIND,
  initPayload,
  mimeTypeOf,
  noticePayload,
  readFragmentTimes,
  readFrame,
  readRequest,
  writeFrameHeader,
} from '#libs/tiles';
import { FFMPEG_FRAGMENT } from './fuzz-cases.ts';

function frame(kind: number, flags: number, payload: Uint8Array, capturedMs = 0): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(FRAME_HEADER_BYTES + payload.length);
  writeFrameHeader(bytes, { kind, flags, tile: 513, sequence: 0xffff_fffe, capturedMs });
  bytes.set(payload, FRAME_HEADER_BYTES);
  return bytes;
}

const asJson = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

describe('frame', () => {
  it('lays its header out as drawn', () => {
    const bytes = frame(FRAME_KIND.fragment, FLAG_KEY, Uint8Array.of(9), 1_795_000_000_123.5);
    expect(Buffer.from(bytes).toString('hex')).toBe('02010201fffffffe427a1ee565e7b80009');
  });

  it('reads an init frame with its MIME type', () => {
    const mimeType = mimeTypeOf('avc1.42C01E');
    expect(readFrame(frame(FRAME_KIND.init, 0, initPayload(mimeType, Uint8Array.of(9, 8))))).toEqual({
      kind: 'init',
      tile: 513,
      sequence: 0xffff_fffe,
      mimeType: 'video/mp4; codecs="avc1.42C01E"',
      segment: Uint8Array.of(9, 8),
    });
  });

  it('neither writes nor reads a MIME type that is not one of video', () => {
    expect(() => initPayload('text/html', Uint8Array.of(1))).toThrow(RangeError);
    const name = new TextEncoder().encode('text/html');
    expect(readFrame(frame(FRAME_KIND.init, 0, Uint8Array.of(name.length, ...name, 1)))).toBeUndefined();
  });

  it('reads a fragment with its flags, times and capture', () => {
    const flags = FLAG_KEY | FLAG_DISCONTINUITY;
    expect(readFrame(frame(FRAME_KIND.fragment, flags, FFMPEG_FRAGMENT, 1_795_000_000_123.5))).toMatchObject({
      isKey: true,
      isDiscontinuity: true,
      isArrival: false,
      capturedMs: 1_795_000_000_123.5,
      showMs: 1_080,
      durationMs: 40,
      fragment: new Uint8Array(FFMPEG_FRAGMENT),
    });
    expect(readFrame(frame(FRAME_KIND.fragment, FLAG_ARRIVAL, FFMPEG_FRAGMENT))).toMatchObject({
      isKey: false,
      isArrival: true,
      hasMore: false,
      capturedMs: null,
    });
    expect(readFrame(frame(FRAME_KIND.fragment, FLAG_MORE, FFMPEG_FRAGMENT))).toMatchObject({ hasMore: true });
  });

  it('reads a notice and refuses one that is not', () => {
    const notice = { state: 'refused', code: 'ticket-expired' } as const;
    expect(readFrame(frame(FRAME_KIND.notice, 0, noticePayload(notice)))).toMatchObject({ notice });
    const others = [
      { state: 'other', code: 'x' },
      { state: 'ended', code: '<b>' },
      { state: 'ended', code: 'x'.repeat(65) },
      { state: 'ended', code: 'x', more: 'x'.repeat(600) },
      null,
    ];
    for (const other of others) expect(readFrame(frame(FRAME_KIND.notice, 0, asJson(other)))).toBeUndefined();
    expect(readFrame(frame(FRAME_KIND.notice, 0, Uint8Array.of(0xff)))).toBeUndefined();
  });

  it('refuses what is no frame', () => {
    expect(readFrame(new Uint8Array(FRAME_HEADER_BYTES))).toBeUndefined();
    expect(readFrame(frame(9, 0, Uint8Array.of(1)))).toBeUndefined();
    expect(readFrame(frame(FRAME_KIND.fragment, 0, Uint8Array.of(1)))).toBeUndefined();
  });
});

describe('readFragmentTimes', () => {
  it('reads what ffmpeg wrote', () => {
    expect(readFragmentTimes(FFMPEG_FRAGMENT)).toEqual({ showMs: 1_080, durationMs: 40 });
  });

  it.each([8, 40, 60, 80, 99])('refuses one that ends after %d bytes', (bytes) => {
    expect(readFragmentTimes(FFMPEG_FRAGMENT.subarray(0, bytes))).toBeUndefined();
  });
});

describe('readRequest', () => {
  it('takes the five requests', () => {
    expect(readRequest('{"op":"open","tile":3,"ticket":"t"}')).toEqual({ op: 'open', tile: 3, ticket: 't' });
    expect(readRequest('{"op":"renew","tile":3,"ticket":"t.u"}')).toEqual({ op: 'renew', tile: 3, ticket: 't.u' });
    for (const op of ['pause', 'resume', 'close'])
      expect(readRequest(`{"op":"${op}","tile":0}`)).toEqual({ op, tile: 0 });
  });

  it('refuses tiles out of range, missing, endless or odd tickets, and noise', () => {
    const texts = ['{"op":"open","tile":65536,"ticket":"t"}', '{"op":"pause","tile":-1}', '{"op":"pause","tile":"1"}'];
    texts.push('{"op":"open","tile":1}', '{"op":"open","tile":1,"ticket":"a b"}', '{"op":"look","tile":1}');
    texts.push('[]', 'null', '{', `{"op":"pause","tile":1}${' '.repeat(1_024)}`);
    texts.push(JSON.stringify({ op: 'open', tile: 1, ticket: 'x'.repeat(600) }));
    for (const text of texts) expect(readRequest(text)).toBeUndefined();
  });
});

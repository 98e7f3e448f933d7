import { describe, expect, it } from '@jest/globals';
import { ClipLibrary } from '../clip/library.ts';
import type { SimCodec } from '../model.ts';
import {
  FRAMING_BYTES,
  MAX_PAYLOAD_BYTES,
  prepareClip,
  RTP_HEADER_BYTES,
  stampRun,
  type PreparedFrame,
} from './prepare.ts';

const clips = new ClipLibrary();

/** NAL units of a frame, put together again by the rules of RFC 6184 §5 and RFC 7798 §4.4. */
function unpack(codec: SimCodec, payloads: readonly Buffer[]): Buffer[] {
  const nalUnits: Buffer[] = [];
  let open: Buffer[] = [];
  for (const payload of payloads) {
    const type = codec === 'h264' ? payload[0]! & 0x1f : (payload[0]! >> 1) & 0x3f;
    const [single, fragment] = codec === 'h264' ? [24, 28] : [48, 49];
    const headBytes = codec === 'h264' ? 1 : 2;
    if (type === fragment) {
      const flags = payload[headBytes]!;
      if ((flags & 0x80) !== 0) open = [headOf(codec, payload, flags)];
      open.push(payload.subarray(headBytes + 1));
      if ((flags & 0x40) !== 0) nalUnits.push(Buffer.concat(open));
    } else if (type === single) {
      for (let at = headBytes; at < payload.length; at += 2 + payload.readUInt16BE(at)) {
        nalUnits.push(payload.subarray(at + 2, at + 2 + payload.readUInt16BE(at)));
      }
    } else nalUnits.push(payload);
  }
  return nalUnits;
}

function headOf(codec: SimCodec, payload: Buffer, flags: number): Buffer {
  if (codec === 'h264') return Buffer.from([(payload[0]! & 0xe0) | (flags & 0x1f)]);
  return Buffer.from([(payload[0]! & 0x81) | ((flags & 0x3f) << 1), payload[1]!]);
}

function payloadsOf(frame: PreparedFrame): Buffer[] {
  return [...frame.packetAt].map((at) => {
    const bytes = frame.run.readUInt16BE(at + 2);
    return frame.run.subarray(at + FRAMING_BYTES + RTP_HEADER_BYTES, at + FRAMING_BYTES + bytes);
  });
}

describe('prepareClip', () => {
  it.each([
    ['callao-main', false],
    ['callao-main', true],
    ['mercado-main', false],
    ['mercado-main', true],
    ['plaza-sub', false],
  ] as const)('%s (aggregate %s) carries the same NAL units in packets that fit', (name, aggregate) => {
    const clip = clips.load(name);
    const prepared = prepareClip(clip, aggregate);
    expect(prepared.frames).toHaveLength(clip.frames);
    prepared.frames.forEach((frame, position) => {
      const payloads = payloadsOf(frame);
      const expected = [...clip.accessUnits[position]!.nalUnits];
      expect(Buffer.concat(unpack(clip.codec, payloads)).equals(Buffer.concat(expected))).toBe(true);
      expect(Math.max(...payloads.map((payload) => payload.length))).toBeLessThanOrEqual(MAX_PAYLOAD_BYTES);
      const markers = [...frame.packetAt].map((at) => frame.run[at + 5]! >> 7);
      expect(markers.indexOf(1)).toBe(markers.length - 1);
    });
  });

  it('stamps every packet of a copy and leaves the template alone', () => {
    const frame = prepareClip(clips.load('plaza-sub'), false).frames[0]!;
    const before = Buffer.from(frame.run);
    const copy = Buffer.alloc(frame.run.length + 10);
    frame.run.copy(copy, 10);
    stampRun(copy, 10, frame, { channel: 6, sequence: 0xffff, timestamp: 0xfedc_ba98, ssrc: 0x8000_0001 });
    [...frame.packetAt].forEach((at, position) => {
      expect(copy[10 + at + 1]).toBe(6);
      expect(copy.readUInt16BE(10 + at + 6)).toBe((0xffff + position) & 0xffff);
      expect(copy.readUInt32BE(10 + at + 8)).toBe(0xfedc_ba98);
      expect(copy.readUInt32BE(10 + at + 12)).toBe(0x8000_0001);
    });
    expect(frame.run.equals(before)).toBe(true);
  });
});

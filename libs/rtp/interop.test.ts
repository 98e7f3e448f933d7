import { describe, expect, it } from '@jest/globals';
import { CAPTURES, readCapture, Recorder, type GoldenUnit, type Unit } from './testdata/capture.ts';

/** Sum, size and kind of each unit; times relative to the first. */
function ofGolden(units: readonly GoldenUnit[]): unknown[] {
  const firstS = Number(units[0]!.ptsTime);
  return units.map(({ ptsTime, isKey, bytes, sha256 }) => ({
    ms: Math.round((Number(ptsTime) - firstS) * 1000),
    isKey,
    bytes,
    sha256,
  }));
}

function ofReceived(units: readonly Unit[]): unknown[] {
  const first = units[0]!.pts90k;
  return units.map(({ pts90k, isKey, bytes, sha256 }) => ({
    ms: Math.round((pts90k - first) / 90),
    isKey,
    bytes,
    sha256,
  }));
}

describe('access units of GStreamer payloaders', () => {
  it.each(CAPTURES)('%s: byte for byte what ffprobe reads from the file', (name) => {
    const { codec, units, packets } = readCapture(name);
    const { receiver, units: received, formats, refusals } = new Recorder(codec).receive(packets);
    expect(ofReceived(received)).toEqual(ofGolden(units));
    expect(formats).toHaveLength(1);
    expect(formats[0]).toMatchObject({ codec, widthPx: 322, heightPx: 182, framesPerSecond: 15 });
    expect(refusals).toEqual([]);
    expect(receiver.stats).toMatchObject({
      packets: packets.length,
      units: units.length,
      lostPackets: 0,
      damagedUnits: 0,
      malformedPayloads: 0,
      timestampJumps: 0,
    });
  });

  it('covers fragments, aggregations, several slices and timestamps that wrap', () => {
    const payloadTypes = (name: (typeof CAPTURES)[number], shift: number, mask: number): Set<number> =>
      new Set(readCapture(name).packets.map((packet) => (packet[12]! >>> shift) & mask));
    expect(payloadTypes('h264-single-and-fua', 0, 31)).toEqual(new Set([1, 7, 8, 28]));
    expect(payloadTypes('h264-slices-maxstap', 0, 31).has(24)).toBe(true);
    expect(payloadTypes('h265-bframes-fu', 1, 63).has(49)).toBe(true);
    expect(payloadTypes('h265-opengop-ap', 1, 63).has(48)).toBe(true);
    const stamps = readCapture('h264-single-and-fua').packets.map((packet) => packet.readUInt32BE(4));
    expect(Math.max(...stamps) - Math.min(...stamps)).toBeGreaterThan(0x8000_0000);
  });
});

import { describe, expect, it } from '@jest/globals';
import { Assembly } from '#libs/codec';
import { MAX_FOREIGN_PACKETS, MAX_KEY_UNITS_WITHOUT_FORMAT } from '#libs/rtp';
import { CAPTURES, readCapture, Recorder, type CaptureName } from './testdata/capture.ts';

const MARKER = 0x80;

/** A copy whose header is changed: `marker`, `timestamp`, `sequence`, `ssrc`, `payloadType`. */
function rewritten(
  packet: Buffer,
  change: Partial<Record<'marker' | 'timestamp' | 'sequence' | 'ssrc' | 'payloadType', number>>,
): Buffer {
  const copy = Buffer.from(packet);
  if (change.marker !== undefined) copy[1] = (copy[1]! & ~MARKER) | (change.marker ? MARKER : 0);
  if (change.payloadType !== undefined) copy[1] = (copy[1]! & MARKER) | change.payloadType;
  if (change.sequence !== undefined) copy.writeUInt16BE(change.sequence & 0xffff, 2);
  if (change.timestamp !== undefined) copy.writeUInt32BE(change.timestamp >>> 0, 4);
  if (change.ssrc !== undefined) copy.writeUInt32BE(change.ssrc, 8);
  return copy;
}

/** Packets of a capture, grouped by picture. */
function pictures(name: CaptureName): Buffer[][] {
  const groups: Buffer[][] = [];
  let stamp = -1;
  for (const packet of readCapture(name).packets) {
    if (packet.readUInt32BE(4) !== stamp) groups.push([]);
    stamp = packet.readUInt32BE(4);
    groups.at(-1)!.push(packet);
  }
  return groups;
}

function sums(recorder: Recorder): string[] {
  return recorder.units.map((unit) => unit.sha256);
}

function golden(name: CaptureName): string[] {
  return readCapture(name).units.map((unit) => unit.sha256);
}

const PLAIN = 'h264-single-and-fua';
const KEY_EVERY = 8;

describe('loss', () => {
  it('of one fragment costs the picture and what builds on it, until the next key picture', () => {
    const groups = pictures(PLAIN);
    groups[2]!.splice(0, 1);
    const recorder = new Recorder('h264').receive(groups.flat());
    const all = golden(PLAIN);
    expect(sums(recorder)).toEqual([...all.slice(0, 2), ...all.slice(KEY_EVERY)]);
    expect(recorder.receiver.stats).toMatchObject({ lostPackets: 1, units: all.length - KEY_EVERY + 2 });
  });

  it('of a picture that no other refers to costs only this picture', () => {
    const name = 'h264-bframes-stapa';
    const groups = pictures(name);
    const isDisposable = (packet: Buffer): boolean => (packet[12]! & 0x60) === 0;
    // GStreamer sends these small pictures in one packet; one is cut in three to lose its middle.
    const found = groups.findIndex((group) => group.length === 1 && group.every(isDisposable));
    const [whole] = groups[found]!;
    const [head, , end] = fragmented(whole!);
    const later = groups
      .slice(found + 1)
      .flat()
      .map((packet) => rewritten(packet, { sequence: packet.readUInt16BE(2) + 2 }));
    const recorder = new Recorder('h264').receive([...groups.slice(0, found).flat(), head!, end!, ...later]);
    const all = golden(name);
    expect(sums(recorder)).toEqual(all.filter((_, index) => index !== found));
    expect(recorder.receiver.stats).toMatchObject({ lostPackets: 1, damagedUnits: 1, unitsBeforeKey: 0 });
  });

  it('is not seen where packets come twice', () => {
    const { packets } = readCapture(PLAIN);
    const recorder = new Recorder('h264').receive(packets.flatMap((packet) => [packet, packet]));
    expect(sums(recorder)).toEqual(golden(PLAIN));
    expect(recorder.receiver.stats).toMatchObject({ duplicatePackets: packets.length, lostPackets: 0 });
  });

  it('of the whole beginning: nothing comes before a key picture', () => {
    const groups = pictures(PLAIN).slice(3);
    const recorder = new Recorder('h264').receive(groups.flat());
    expect(sums(recorder)).toEqual(golden(PLAIN).slice(KEY_EVERY));
    expect(recorder.receiver.stats.unitsBeforeKey).toBe(KEY_EVERY - 3);
  });
});

/** One single NAL unit packet as three fragments (RFC 6184 §5.8). */
function fragmented(packet: Buffer): Buffer[] {
  const nal = packet.subarray(12);
  const third = Math.floor((nal.length - 1) / 3);
  const cuts = [1, 1 + third, 1 + 2 * third, nal.length];
  return [0, 1, 2].map((part) => {
    const flags = (part === 0 ? 0x80 : 0) | (part === 2 ? 0x40 : 0);
    const header = Buffer.from([(nal[0]! & 0xe0) | 28, flags | (nal[0]! & 31)]);
    const bytes = Buffer.concat([packet.subarray(0, 12), header, nal.subarray(cuts[part]!, cuts[part + 1]!)]);
    return rewritten(bytes, { sequence: packet.readUInt16BE(2) + part, marker: part === 2 ? 1 : 0 });
  });
}

describe('joining an open group of pictures', () => {
  it('leaves out the leading pictures that refer to what was before', () => {
    const name = 'h265-opengop-ap';
    const groups = pictures(name);
    const { units } = readCapture(name);
    const second = units.findIndex((unit, at) => at > 0 && unit.isKey);
    const keyMs = Number(units[second]!.ptsTime);
    const shown = units.slice(second).filter((unit) => Number(unit.ptsTime) >= keyMs);
    expect(shown.length).toBeLessThan(units.length - second);
    const recorder = new Recorder('h265').receive(groups.slice(second).flat());
    expect(sums(recorder)).toEqual(shown.map((unit) => unit.sha256));
  });
});

describe('the marker', () => {
  it.each(CAPTURES)('is not needed: %s without one', (name) => {
    const { codec, packets } = readCapture(name);
    const recorder = new Recorder(codec).receive(packets.map((packet) => rewritten(packet, { marker: 0 })));
    // The last picture has no end.
    expect(sums(recorder)).toEqual(golden(name).slice(0, -1));
  });

  it('on every packet is found out at the first fragment, without a loss', () => {
    const { packets } = readCapture(PLAIN);
    const recorder = new Recorder('h264').receive(packets.map((packet) => rewritten(packet, { marker: 1 })));
    expect(sums(recorder)).toEqual(golden(PLAIN).slice(0, -1));
    expect(recorder.receiver.stats.damagedUnits).toBe(0);
  });

  it('on every slice is found out at the second slice, and costs the first group of pictures', () => {
    const name = 'h265-opengop-ap';
    const all = golden(name);
    const { units, packets } = readCapture(name);
    const singles = packets.flatMap(unaggregated).map((packet, at) => rewritten(packet, { marker: 1, sequence: at }));
    const recorder = new Recorder('h265').receive(singles);
    const second = units.findIndex((unit, at) => at > 0 && unit.isKey);
    const after = sums(recorder).filter((sum) => all.slice(second).includes(sum));
    expect(recorder.units.length - after.length).toBe(1);
    expect(after.length).toBeGreaterThan(all.length - second - 8);
  });
});

/** The NAL units of an AP (RFC 7798 §4.4.2), each in a packet of its own. */
function unaggregated(packet: Buffer): Buffer[] {
  if (packet[12]! >>> 1 !== 48) return [packet];
  const singles: Buffer[] = [];
  for (let at = 14; at < packet.length;) {
    const end = at + 2 + packet.readUInt16BE(at);
    singles.push(Buffer.concat([packet.subarray(0, 12), packet.subarray(at + 2, end)]));
    at = end;
  }
  return singles;
}

describe('formats', () => {
  it('come from the SDP when the stream has none of its own', () => {
    const { packets } = readCapture(PLAIN);
    const isSet = (packet: Buffer): boolean => [7, 8].includes(packet[12]! & 31);
    const parameterSets = packets
      .filter(isSet)
      .slice(0, 2)
      .map((packet) => packet.subarray(12));
    const bare = packets.filter((packet) => !isSet(packet)).map((packet, at) => rewritten(packet, { sequence: at }));
    const recorder = new Recorder('h264', { parameterSets }).receive(bare);
    expect(sums(recorder)).toEqual(golden(PLAIN));
    expect(recorder.formats).toHaveLength(1);
  });

  it('change with the bytes of a parameter set, before the first unit of the new ones', () => {
    const first = readCapture(PLAIN).packets;
    const lastSequence = first.at(-1)!.readUInt16BE(2);
    const stamp = first.at(-1)!.readUInt32BE(4) + 6_000;
    const start = readCapture('h264-bframes-stapa').packets;
    const second = start.map((packet, at) =>
      rewritten(packet, {
        sequence: lastSequence + 1 + at,
        timestamp: stamp + packet.readUInt32BE(4) - start[0]!.readUInt32BE(4),
      }),
    );
    const order: string[] = [];
    const assembly = new Assembly(1_000, 1_000_000);
    const recorder = new Recorder('h264', {
      assembly,
      onFormat: () => order.push(`format, ${assembly.unitStart} bytes committed`),
      onAccessUnit: (info) => {
        assembly.rewind();
        if (info.isKey) order.push('key');
      },
    });
    recorder.receive([...first, ...second]);
    const of = (count: number): string[] => Array.from({ length: count }, () => 'key');
    const format = 'format, 0 bytes committed';
    expect(order).toEqual([format, ...of(4), format, ...of(3)]);
  });

  it('that cannot be read end the stream with a reason', () => {
    const { packets } = readCapture(PLAIN);
    const broken = packets.map((packet) => {
      const copy = Buffer.from(packet);
      if ((copy[12]! & 31) === 7) copy.fill(0, 16);
      return copy;
    });
    const recorder = new Recorder('h264');
    for (let turn = 0; turn < 3; turn++) {
      recorder.receive(broken.map((packet) => rewritten(packet, { ssrc: turn + 1 })));
    }
    expect(recorder.refusals).toMatchObject([{ code: 'codec-unsupported' }]);
    expect(recorder.receiver.stats).toMatchObject({ unitsWithoutFormat: MAX_KEY_UNITS_WITHOUT_FORMAT, units: 0 });
  });
});

describe('a camera that sends a byte stream in one NAL unit', () => {
  const startCode = Buffer.from([0, 0, 0, 1]);

  /** The first picture's NAL units up to its first slice as one, with start codes between them; what a sample carries of it. */
  function packed(): { first: Buffer; header: Buffer; carried: Buffer } {
    const name = 'h264-slices-maxstap';
    const [group] = pictures(name);
    const aggregate = group!.map((packet) => packet.subarray(12));
    const nals = aggregate.flatMap((payload) => ((payload[0]! & 31) === 24 ? unitsOf(payload) : [payload]));
    const upToSlice = nals.slice(0, nals.findIndex((nal) => (nal[0]! & 31) === 5) + 1);
    const first = Buffer.concat(upToSlice.flatMap((nal, at) => (at === 0 ? [nal] : [startCode, nal])));
    const samples = upToSlice.filter((nal) => [5, 6].includes(nal[0]! & 31));
    expect(samples.map((nal) => nal[0]! & 31)).toEqual([6, 5]);
    const carried = Buffer.concat(
      samples.flatMap((nal) => [Buffer.from([0, 0, nal.length >> 8, nal.length & 0xff]), nal]),
    );
    return { first, header: group![0]!.subarray(0, 12), carried };
  }

  function unitsOf(payload: Buffer): Buffer[] {
    const units: Buffer[] = [];
    for (let at = 1; at < payload.length;) {
      const end = at + 2 + payload.readUInt16BE(at);
      units.push(payload.subarray(at + 2, end));
      at = end;
    }
    return units;
  }

  it.each([1, 3])('in %d packets: parameter sets are taken out, the slice is kept', (parts) => {
    const { first, header, carried } = packed();
    const single = Buffer.concat([header, first]);
    const packets =
      parts === 1 ? [rewritten(single, { marker: 1, sequence: 0 })] : fragmented(rewritten(single, { sequence: 0 }));
    const assembly = new Assembly(64, 100_000);
    let unit = '';
    const recorder = new Recorder('h264', {
      assembly,
      onAccessUnit: () => (unit = assembly.buffer.toString('hex', 0, assembly.unitStart)),
    }).receive(packets);
    expect(recorder.formats).toMatchObject([{ widthPx: 322, sps: [expect.any(Buffer)], pps: [expect.any(Buffer)] }]);
    expect(unit).toBe(carried.toString('hex'));
  });
});

describe('a camera that lies', () => {
  it.each([
    ['h264', 'h265-bframes-fu'],
    ['h264', 'h265-opengop-ap'],
    ['h265', 'h264-single-and-fua'],
    ['h265', 'h264-slices-maxstap'],
  ] as const)('says %s and sends %s: codec-mismatch', (codec, name) => {
    const recorder = new Recorder(codec).receive(readCapture(name).packets);
    expect(recorder.refusals).toMatchObject([{ code: 'codec-mismatch' }]);
    expect(recorder.units).toEqual([]);
  });

  it('about its payload type is told so, once', () => {
    const { packets } = readCapture(PLAIN);
    const other = packets.map((packet) => rewritten(packet, { payloadType: 97 }));
    const recorder = new Recorder('h264');
    while (recorder.receiver.stats.foreignPackets < MAX_FOREIGN_PACKETS) recorder.receive(other);
    expect(recorder.refusals).toMatchObject([{ code: 'codec-mismatch' }]);
  });
});

describe('bounds', () => {
  it('drops and counts a unit that outgrows the assembly, and goes on with the next that fits', () => {
    const { packets, units } = readCapture(PLAIN);
    const bound = Math.max(...units.map((unit) => unit.bytes)) - 1;
    const recorder = new Recorder('h264', { assembly: new Assembly(64, bound) }).receive(packets);
    expect(recorder.receiver.stats.oversizeUnits).toBeGreaterThan(0);
    expect(recorder.assembly.buffer.length).toBeLessThanOrEqual(bound);
    expect(golden(PLAIN)).toEqual(expect.arrayContaining(sums(recorder)));
  });

  it('goes on without a gap in time when the source changes', () => {
    const { packets } = readCapture(PLAIN);
    const recorder = new Recorder('h264').receive(packets);
    const before = recorder.units.at(-1)!;
    recorder.receive(
      packets.map((packet) => rewritten(packet, { ssrc: 99, timestamp: packet.readUInt32BE(4) ^ 0x5a5a_5a5a })),
    );
    const next = recorder.units[readCapture(PLAIN).units.length]!;
    expect(next.isKey).toBe(true);
    expect(next.pts90k).toBeGreaterThan(before.pts90k);
    expect(next.pts90k - before.pts90k).toBeLessThan(90_000);
    expect(recorder.receiver.stats.restarts).toBe(1);
  });
});

describe('sender reports', () => {
  it('tie presentation times to the camera clock, and are answered', () => {
    const { packets } = readCapture(PLAIN);
    const recorder = new Recorder('h264').receive(packets.slice(0, 40));
    const { receiver, units } = recorder;
    const stamp = packets[39]!.readUInt32BE(4);
    const report = Buffer.alloc(28);
    report.writeUInt32BE(0x80c8_0006, 0);
    packets[0]!.copy(report, 4, 8, 12);
    report.writeUInt32BE(2_208_988_800 + 1_700_000_000, 8);
    report.writeUInt32BE(0x8000_0000, 12);
    report.writeUInt32BE(stamp, 16);
    receiver.receiveRtcp(report, 0, report.length, 1_000);
    const sinceFirstMs = ((stamp - packets[0]!.readUInt32BE(4)) | 0) / 90;
    expect(receiver.wallClockOf(units[0]!.pts90k)).toBeCloseTo(1_700_000_000_500 - sinceFirstMs, 3);
    const answer = receiver.receiverReport(3_000);
    expect(answer.readUInt32BE(24)).toBe(report.readUInt32BE(10));
    expect(answer.readUInt32BE(28)).toBe(2 * 65_536);
    expect(receiver.stats.senderReports).toBe(1);
  });
});

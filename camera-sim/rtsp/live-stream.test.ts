import { describe, expect, it } from '@jest/globals';
import { FakeClock, silentLogger } from '#libs/base';
import { ClipLibrary } from '../clip/library.ts';
import { SimCamera } from '../model.ts';
import { TOWN } from '../town.ts';
import { Link, LINK_QUEUE_BYTES } from './link.ts';
import { LiveStream } from './live-stream.ts';
import { PreparedLibrary } from './prepared-library.ts';
import { MAX_BACKLOG_BYTES, Reader } from './reader.ts';
import { SlabPool } from './slab.ts';
import { Ticker } from './ticker.ts';
import { Timeline } from './timeline.ts';
import type { Transport } from './transport.ts';

const library = new PreparedLibrary(new ClipLibrary());

interface Packet {
  readonly sequence: number;
  readonly timestamp: number;
  readonly marker: boolean;
  readonly bytes: Buffer;
}

/** A client that keeps what it gets. */
class Ear implements Transport {
  readonly channel = 0;
  isOpen = true;
  backlog = 0;
  readonly packets: Packet[] = [];
  readonly reports: Buffer[] = [];

  backlogBytes(): number {
    return this.backlog;
  }

  send(run: Buffer, done: () => void): void {
    for (let at = 0; at < run.length; at += 4 + run.readUInt16BE(at + 2)) {
      const bytes = Buffer.from(run.subarray(at + 4, at + 4 + run.readUInt16BE(at + 2)));
      const [sequence, timestamp] = [bytes.readUInt16BE(2), bytes.readUInt32BE(4)];
      this.packets.push({ sequence, timestamp, marker: bytes[1]! >= 0x80, bytes });
    }
    done();
  }

  sendControl(packet: Buffer): void {
    this.reports.push(packet);
  }

  close(): void {
    this.isOpen = false;
  }

  /** Timestamps of the pictures, in the order they came. */
  get pictures(): number[] {
    return this.packets.filter(({ marker }) => marker).map(({ timestamp }) => timestamp);
  }
}

function open(number: number, role: 'main' | 'sub') {
  const clock = new FakeClock(Date.UTC(2026, 10, 22, 16, 0, 0));
  const camera = new SimCamera(TOWN[number - 1]!);
  const link = new Link(() => camera.faults.linkBytesPerSecond);
  const ticker = new Ticker(clock, silentLogger);
  const stream = new LiveStream(camera, role, library, new Timeline(clock), ticker, link);
  const ear = new Ear();
  const reader = new Reader(ear, link, new SlabPool(), () => 0.25);
  return { clock, camera, stream, ear, reader };
}

function differences(values: readonly number[]): number[] {
  return values.slice(1).map((value, position) => (value - values[position]! + 0x1_0000_0000) % 0x1_0000_0000);
}

describe('LiveStream', () => {
  it('begins at a key frame and goes on over the end of the loop without a seam', async () => {
    const { clock, stream, ear, reader } = open(1, 'sub');
    stream.add(reader);
    await clock.advance(25_000);
    expect(new Set(differences(ear.pictures))).toEqual(new Set([6_000]));
    expect(ear.pictures.length).toBeGreaterThan(24 * 15);
    const sequences = ear.packets.map(({ sequence }) => sequence);
    expect(sequences.every((value, at) => at === 0 || value === ((sequences[at - 1]! + 1) & 0xffff))).toBe(true);
    const first = ear.packets[0]!.bytes;
    expect(first[12]! & 0x1f).toBe(7); // SPS
    stream.remove(reader);
  });

  it('shows the frame of the true second, and tells which it sent when', async () => {
    const { clock, camera, stream, reader } = open(3, 'sub');
    stream.add(reader);
    await clock.advance(12_345);
    const sent = stream.sent.list();
    for (const { frame, sentAtMs } of sent) {
      const dueMs = (camera.spec.loopPhaseMs! + (frame * 1_000) / 15) % 10_000;
      const lateMs = ((sentAtMs % 10_000) - dueMs + 10_000) % 10_000;
      expect(lateMs).toBeLessThan(9);
    }
    expect(sent.length).toBe(185);
    stream.remove(reader);
  });

  it('announces in nextKeyTicks the timestamp that a new reader gets first', async () => {
    const { clock, stream, ear, reader } = open(6, 'main');
    await clock.advance(1_234);
    const announced = reader.timestampOf(stream.nextKeyTicks());
    stream.add(reader);
    await clock.advance(3_000);
    expect(ear.packets[0]!.timestamp).toBe(announced);
    stream.remove(reader);
  });

  it('sends B-frames in decoding order with the time at which each is shown, never before it was seen', async () => {
    const { clock, stream, ear, reader } = open(10, 'main');
    stream.add(reader);
    await clock.advance(13_000);
    const steps = differences(ear.pictures).map((step) => (step > 0x8000_0000 ? step - 0x1_0000_0000 : step));
    expect(Math.min(...steps)).toBeLessThan(0);
    const sorted = ear.pictures.toSorted((a, b) => a - b).slice(0, -4);
    expect(new Set(differences(sorted))).toEqual(new Set([7_200]));
    for (const { frame, sentAtMs } of stream.sent.list()) {
      const shownMs = (stream.camera.spec.loopPhaseMs! + frame * 80) % 10_000;
      expect(((sentAtMs % 10_000) - shownMs + 10_000) % 10_000).toBeLessThan(400);
    }
    stream.remove(reader);
  });

  it('reports the skewed hour of the camera, at the start and every five seconds', async () => {
    const { clock, camera, stream, ear, reader } = open(6, 'sub');
    camera.setFaults({ extraClockSkewMs: -3_000 });
    stream.add(reader);
    await clock.advance(11_000);
    expect(ear.reports.length).toBe(3);
    const report = ear.reports[2]!;
    expect([report[0], report[1]]).toEqual([0x80, 200]);
    const seconds = report.readUInt32BE(8) - 2_208_988_800 + report.readUInt32BE(12) / 0x1_0000_0000;
    const atMs = clock.nowMs() - 1_000;
    expect(Math.abs(seconds * 1_000 - (atMs + 97_000 - 3_000))).toBeLessThan(10);
    expect(report.readUInt32BE(16)).toBe(reader.timestampOf(Math.round((seconds * 1_000 - 94_000) * 90)));
    stream.remove(reader);
  });

  it('follows the preset of the head at a key frame, and no sooner', async () => {
    const { clock, camera, stream, ear, reader } = open(4, 'sub');
    stream.add(reader);
    await clock.advance(2_500);
    expect(stream.clip.name).toBe('malecon-sub-1');
    camera.moveTo({ ...camera.position, preset: '2' });
    const before = ear.packets.length;
    await clock.advance(2_000);
    expect(stream.clip.name).toBe('malecon-sub-2');
    const target = library.get('malecon-sub-2', false).frames.filter(({ isKey }) => isKey);
    const keyPayloads = target.map((frame) => frame.run.subarray(16, 60).toString('hex'));
    const after = ear.packets.slice(before).map(({ bytes }) => bytes.subarray(12, 56).toString('hex'));
    expect(after.some((head) => keyPayloads.some((key) => key.startsWith(head)))).toBe(true);
    expect(new Set(differences(ear.pictures))).toEqual(new Set([6_000]));
    stream.remove(reader);
  });

  it('changes the SPS of the main stream when told to, at a key frame', async () => {
    const { clock, camera, stream, ear, reader } = open(1, 'main');
    stream.add(reader);
    await clock.advance(5_000);
    const spsOf = (packets: readonly Packet[]): string[] =>
      packets.filter(({ bytes }) => (bytes[12]! & 0x1f) === 7).map(({ bytes }) => bytes.subarray(12).toString('hex'));
    expect(new Set(spsOf(ear.packets)).size).toBe(1);
    camera.setFaults({ spsChanged: true });
    await clock.advance(4_000);
    expect(new Set(spsOf(ear.packets)).size).toBe(2);
    stream.remove(reader);
  });

  it('says nothing while frozen and begins again at a key frame', async () => {
    const { clock, camera, stream, ear, reader } = open(2, 'sub');
    stream.add(reader);
    await clock.advance(3_000);
    camera.setFaults({ frozen: true });
    const before = ear.packets.length;
    await clock.advance(20_000);
    expect(ear.packets.length).toBe(before);
    expect(ear.reports.length).toBe(1);
    camera.setFaults({ frozen: false });
    await clock.advance(2_000);
    expect(ear.packets[before]!.bytes[12]! & 0x1f).toBe(7);
    stream.remove(reader);
  });

  it('drops a slow reader to a later key frame and counts what was lost', async () => {
    const { clock, stream, ear, reader } = open(1, 'sub');
    stream.add(reader);
    await clock.advance(2_500);
    ear.backlog = MAX_BACKLOG_BYTES + 1;
    const before = ear.packets.length;
    await clock.advance(2_000);
    expect(ear.packets.length).toBe(before);
    ear.backlog = 0;
    await clock.advance(2_000);
    expect(ear.packets[before]!.bytes[12]! & 0x1f).toBe(7);
    expect(ear.packets[before]!.sequence).toBe((ear.packets[before - 1]!.sequence + 1) & 0xffff);
    expect(reader.counts.droppedFrames).toBeGreaterThan(0);
    stream.remove(reader);
  });

  it('damages payloads, never headers, at the share asked for', async () => {
    const { clock, camera, stream, ear, reader } = open(1, 'sub');
    stream.add(reader);
    await clock.advance(1_500);
    camera.setFaults({ corruptShare: 0.5 });
    const before = ear.packets.length;
    await clock.advance(3_000);
    for (const { bytes } of ear.packets.slice(before)) expect([bytes[0], bytes[1]! & 0x7f]).toEqual([0x80, 96]);
    expect(new Set(differences(ear.pictures))).toEqual(new Set([6_000]));
    const clean = library
      .get('plaza-sub', false)
      .frames.flatMap((frame) =>
        [...frame.packetAt].map((at) =>
          frame.run.subarray(at + 16, at + 4 + frame.run.readUInt16BE(at + 2)).toString('hex'),
        ),
      );
    const known = new Set(clean);
    const damaged = ear.packets.slice(before).filter(({ bytes }) => !known.has(bytes.subarray(12).toString('hex')));
    expect(damaged.length).toBe(ear.packets.length - before);
    stream.remove(reader);
  });

  it('lets no more through than a slow link carries', async () => {
    const { clock, camera, stream, ear, reader } = open(1, 'main');
    camera.setFaults({ linkBytesPerSecond: 8_000 });
    stream.add(reader);
    await clock.advance(30_000);
    const bytes = ear.packets.reduce((sum, packet) => sum + packet.bytes.length + 4, 0);
    expect(bytes).toBeGreaterThan(8_000 * 27);
    expect(bytes).toBeLessThan(8_000 * 31 + LINK_QUEUE_BYTES * 0.05);
    expect(reader.counts.droppedFrames).toBeGreaterThan(0);
    stream.remove(reader);
  });
});

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Assembly, type AccessUnitInfo, type TrackFormat, type VideoCodec } from '#libs/codec';
import type { Refusal } from '#libs/base';
import { VideoReceiver, type VideoReceiverOptions } from '#libs/rtp';

/** What ffprobe says of one access unit. */
export interface GoldenUnit {
  readonly ptsTime: string;
  readonly isKey: boolean;
  readonly bytes: number;
  readonly sha256: string;
}

export const CAPTURES = [
  'h264-single-and-fua',
  'h264-bframes-stapa',
  'h264-slices-maxstap',
  'h265-bframes-fu',
  'h265-opengop-ap',
] as const;
export type CaptureName = (typeof CAPTURES)[number];

export interface Capture {
  readonly codec: VideoCodec;
  readonly units: readonly GoldenUnit[];
  readonly packets: readonly Buffer[];
}

export function readCapture(name: CaptureName): Capture {
  const golden = JSON.parse(readFileSync(new URL(`./${name}.json`, import.meta.url), 'utf8')) as Omit<Capture, 'packets'>;
  return { ...golden, packets: unframe(readFileSync(new URL(`./${name}.rtp`, import.meta.url))) };
}

/** RFC 4571 §2: each packet behind its 16-bit length. */
export function unframe(stream: Buffer): Buffer[] {
  const packets: Buffer[] = [];
  for (let at = 0; at < stream.length; ) {
    const end = at + 2 + stream.readUInt16BE(at);
    packets.push(stream.subarray(at + 2, end));
    at = end;
  }
  return packets;
}

export interface Unit extends AccessUnitInfo {
  readonly bytes: number;
  readonly sha256: string;
}

/** A receiver whose units are taken out and hashed one by one. */
export class Recorder {
  readonly units: Unit[] = [];
  readonly formats: TrackFormat[] = [];
  readonly refusals: Refusal[] = [];
  readonly assembly: Assembly;
  readonly receiver: VideoReceiver;
  private nowMs = 0;

  constructor(codec: VideoCodec, options: Partial<VideoReceiverOptions> = {}) {
    this.assembly = options.assembly ?? new Assembly(1_000, 1_000_000);
    this.receiver = new VideoReceiver({
      codec,
      payloadType: 96,
      clockRate: 90_000,
      assembly: this.assembly,
      parameterSets: [],
      reporterSsrc: 1,
      onFormat: (format) => this.formats.push(format),
      onAccessUnit: (info) => this.take(info),
      onRefusal: (reason) => this.refusals.push(reason),
      ...options,
    });
  }

  /** Each packet a millisecond after the one before, at an odd place of a larger buffer as in a shared read. */
  receive(packets: readonly Buffer[]): this {
    for (const packet of packets) {
      const shared = Buffer.concat([Buffer.alloc(7, 0xaa), packet, Buffer.alloc(9, 0xbb)]);
      this.receiver.receiveRtp(shared, 7, 7 + packet.length, this.nowMs++);
      shared.fill(0xcc);
    }
    return this;
  }

  private take(info: AccessUnitInfo & { readonly bytes: number }): void {
    const { assembly } = this;
    const bytes = assembly.buffer.subarray(assembly.unitStart - info.bytes, assembly.unitStart);
    this.units.push({ ...info, sha256: createHash('sha256').update(bytes).digest('hex') });
    assembly.rewind();
  }
}

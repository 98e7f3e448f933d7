import { randomInt } from 'node:crypto';
import { AUDIO_FRAME_SAMPLES, type AudioClip } from '../clip/adts.ts';
import type { SimCamera } from '../model.ts';
import { FRAMING_BYTES, RTP_HEADER_BYTES } from './prepare.ts';
import { goodbye, senderReport } from './rtcp.ts';
import type { Ticker, Ticking } from './ticker.ts';
import type { Timeline } from './timeline.ts';
import type { Transport } from './transport.ts';

/** Dynamic payload type of the audio track (RFC 3551 §6). */
export const AUDIO_PAYLOAD_TYPE = 97;
/** AU-headers-length and one header of 13 and 3 bits (RFC 3640 §3.2.1, mode AAC-hbr). */
const AU_SECTION_BYTES = 4;
const REPORT_PERIOD_MS = 5_000;
/** After a stall longer than this the missed frames are skipped, not sent in one burst. */
const MAX_CATCH_UP_FRAMES = 16;
const TWO_POW_32 = 0x1_0000_0000;

/** One client's copy of a camera's sound. */
export class AudioReader {
  readonly ssrc = randomInt(1, TWO_POW_32);
  nextReportAtMs = 0;
  private sequence = randomInt(0x1_0000);
  private readonly timestampOffset = randomInt(TWO_POW_32);
  private packets = 0;
  private bytes = 0;

  constructor(readonly transport: Transport) {}

  /** One frame, one packet: `$ | channel | length | RTP header, marker set | 16 | size 13 index 3 | AU`. */
  offer(frame: Buffer, samples: number): void {
    const rtpBytes = RTP_HEADER_BYTES + AU_SECTION_BYTES + frame.length;
    const run = Buffer.alloc(FRAMING_BYTES + rtpBytes);
    run[0] = 0x24;
    run[1] = this.transport.channel;
    run.writeUInt16BE(rtpBytes, 2);
    run[4] = 0x80;
    run[5] = 0x80 | AUDIO_PAYLOAD_TYPE;
    run.writeUInt16BE(this.sequence, 6);
    run.writeUInt32BE(this.timestampOf(samples), 8);
    run.writeUInt32BE(this.ssrc, 12);
    run.writeUInt16BE(16, FRAMING_BYTES + RTP_HEADER_BYTES);
    run.writeUInt16BE(frame.length << 3, FRAMING_BYTES + RTP_HEADER_BYTES + 2);
    frame.copy(run, FRAMING_BYTES + RTP_HEADER_BYTES + AU_SECTION_BYTES);
    this.transport.send(run, () => {});
    this.sequence = (this.sequence + 1) & 0xffff;
    this.packets++;
    this.bytes += AU_SECTION_BYTES + frame.length;
  }

  report(samples: number, senderNowMs: number, cname: string): void {
    const { ssrc, packets, bytes } = this;
    const timestamp = this.timestampOf(samples);
    this.transport.sendControl(senderReport({ ssrc, senderNowMs, timestamp, packets, bytes, cname }));
  }

  sayGoodbye(): void {
    this.transport.sendControl(goodbye(this.ssrc));
  }

  private timestampOf(samples: number): number {
    return (this.timestampOffset + samples) % TWO_POW_32;
  }
}

/** What a camera's microphone hears: frame `n` of the loop is due at `n` frame times after 1970, like its pictures. */
export class AudioStream implements Ticking {
  private readonly readers = new Set<AudioReader>();
  private nextFrame = 0;

  constructor(
    readonly clip: AudioClip,
    private readonly camera: SimCamera,
    private readonly timeline: Timeline,
    private readonly ticker: Ticker,
  ) {}

  add(reader: AudioReader): void {
    if (this.readers.size === 0) this.ticker.add(this);
    if (this.readers.size === 0) this.nextFrame = this.frameNow() + 1;
    this.readers.add(reader);
  }

  remove(reader: AudioReader): void {
    if (this.readers.delete(reader) && this.readers.size === 0) this.ticker.remove(this);
  }

  tick(): void {
    const now = this.frameNow();
    if (this.camera.faults.frozen || now - this.nextFrame > MAX_CATCH_UP_FRAMES) this.nextFrame = now + 1;
    if (this.camera.faults.frozen) return;
    this.report();
    for (; this.nextFrame <= now; this.nextFrame++) {
      const frame = this.clip.frames[this.nextFrame % this.clip.frames.length]!;
      for (const reader of this.readers) reader.offer(frame, this.nextFrame * AUDIO_FRAME_SAMPLES);
    }
  }

  private report(): void {
    const nowMs = this.timeline.nowMs();
    for (const reader of this.readers) {
      if (nowMs < reader.nextReportAtMs) continue;
      reader.nextReportAtMs = nowMs + REPORT_PERIOD_MS;
      const samples = Math.round((nowMs * this.clip.sampleRate) / 1_000);
      reader.report(samples, this.camera.nowMs(nowMs), `audio@${this.camera.host}`);
    }
  }

  private frameNow(): number {
    return Math.floor((this.timeline.nowMs() * this.clip.sampleRate) / 1_000 / AUDIO_FRAME_SAMPLES);
  }
}

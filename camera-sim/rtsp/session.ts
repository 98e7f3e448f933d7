import { randomBytes } from 'node:crypto';
import type { AudioReader, AudioStream } from './audio-stream.ts';
import type { LiveStream } from './live-stream.ts';
import type { Reader } from './reader.ts';

/** One client's set-up stream (RFC 2326 §3): born by SETUP, ended by TEARDOWN, timeout, reboot or loss of its connection. */
export class RtspSession {
  readonly id = randomBytes(8).toString('hex').toUpperCase();
  private state: 'ready' | 'playing' = 'ready';
  private audio: { readonly stream: AudioStream; readonly reader: AudioReader } | undefined;
  private lastSeenMs: number;

  constructor(
    readonly stream: LiveStream,
    readonly reader: Reader,
    nowMs: number,
  ) {
    this.lastSeenMs = nowMs;
  }

  get isPlaying(): boolean {
    return this.state === 'playing';
  }

  get hasAudio(): boolean {
    return this.audio !== undefined;
  }

  /** The client set the audio up too. Before it plays. */
  addAudio(stream: AudioStream, reader: AudioReader): void {
    this.audio = { stream, reader };
  }

  /** Any request that names the session, or a receiver report, keeps it alive (§12.37). */
  touch(nowMs: number): void {
    this.lastSeenMs = nowMs;
  }

  idleMs(nowMs: number): number {
    return nowMs - this.lastSeenMs;
  }

  play(): void {
    if (this.isPlaying) return;
    this.state = 'playing';
    this.reader.waitForKey();
    this.stream.add(this.reader);
    this.audio?.stream.add(this.audio.reader);
  }

  pause(): void {
    this.state = 'ready';
    this.stream.remove(this.reader);
    this.audio?.stream.remove(this.audio.reader);
  }

  /** `politely`: with a BYE, when the camera ends it by decision. */
  end(politely: boolean): void {
    const wasPlaying = this.isPlaying;
    this.pause();
    if (politely && wasPlaying) {
      this.reader.sayGoodbye();
      this.audio?.reader.sayGoodbye();
    }
    this.reader.transport.close();
    this.audio?.reader.transport.close();
  }
}

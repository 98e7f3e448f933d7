import { FakeClock, type Refusal } from '#libs/base';
import { RtspSession, type RtspSessionOptions, type VideoTrack } from '#libs/rtsp';

export const URL_OF_CAMERA = 'rtsp://10.0.0.9:8554/live/main';
export const SDP = [
  'v=0',
  's=camera',
  'a=control:*',
  'm=video 0 RTP/AVP 96',
  'a=rtpmap:96 H264/90000',
  'a=control:trackID=1',
  '',
].join('\r\n');

/** A session on a wire whose other end is the test. */
export class Dialog {
  readonly clock = new FakeClock();
  readonly sent: string[] = [];
  readonly sentBytes: Buffer[] = [];
  readonly tracks: VideoTrack[] = [];
  readonly packets: string[] = [];
  readonly failures: Refusal[] = [];
  readonly session: RtspSession;

  constructor(options: Partial<RtspSessionOptions> = {}) {
    this.session = new RtspSession({
      url: URL_OF_CAMERA,
      clock: this.clock,
      clientNonce: () => '0a4f113b0a4f113b',
      send: (bytes) => {
        this.sentBytes.push(bytes);
        this.sent.push(bytes.toString('latin1'));
      },
      onTrack: (track) => this.tracks.push(track),
      onPacket: (buffer, from, to, channel) => this.packets.push(`${channel}:${buffer.toString('hex', from, to)}`),
      onFail: (reason) => this.failures.push(reason),
      ...options,
    });
    this.session.start();
  }

  /** Start line of the last request. */
  get asked(): string {
    return this.sent.at(-1)!.split('\r\n', 1)[0]!;
  }

  /** A field of the last request. */
  field(name: string): string | undefined {
    return new RegExp(`^${name}: (.*)$`, 'm').exec(this.sent.at(-1)!)?.[1]?.trim();
  }

  /** Answers the last request. */
  answer(status: number, fields: Readonly<Record<string, string>> = {}, body = ''): this {
    return this.raw(response(status, { CSeq: this.field('CSeq')!, ...fields }, body));
  }

  raw(bytes: Buffer | string): this {
    const buffer = Buffer.from(bytes as string, 'latin1');
    this.session.receive(buffer, buffer.length);
    return this;
  }

  /** As far as the request named, with answers that grant everything. */
  until(method: 'DESCRIBE' | 'SETUP' | 'PLAY' | 'playing', publicMethods = 'OPTIONS, DESCRIBE, GET_PARAMETER'): this {
    this.answer(200, { Public: publicMethods });
    if (method === 'DESCRIBE') return this;
    this.answer(200, { 'Content-Base': `${URL_OF_CAMERA}/`, 'Content-Type': 'application/sdp' }, SDP);
    if (method === 'SETUP') return this;
    this.answer(200, { Session: '4711;timeout=60', Transport: 'RTP/AVP/TCP;unicast;interleaved=0-1' });
    return method === 'PLAY' ? this : this.answer(200, { Session: '4711' });
  }

  /** Lets time pass, and a packet come every second, if any. */
  async pass(ms: number, isStreaming: boolean): Promise<this> {
    for (let left = ms; left > 0; left -= 500) {
      await this.clock.advance(Math.min(500, left));
      if (isStreaming) this.raw(packet(0, '8060'));
      this.session.tick();
    }
    return this;
  }
}

export function response(status: number, fields: Readonly<Record<string, string>>, body = ''): string {
  const length = body === '' ? {} : { 'Content-Length': String(body.length) };
  const lines = Object.entries({ ...fields, ...length }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `RTSP/1.0 ${status} Whatever\r\n${lines.join('')}\r\n${body}`;
}

export function packet(channel: number, hex: string): Buffer {
  const payload = Buffer.from(hex, 'hex');
  return Buffer.concat([Buffer.from([0x24, channel, payload.length >> 8, payload.length & 0xff]), payload]);
}

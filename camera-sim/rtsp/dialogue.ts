import type { Clock } from '#libs/base';
import type { ProfileRole } from '../clip/choice.ts';
import type { SimCamera } from '../model.ts';
import { streamPathOf } from '../stream-path.ts';
import { AudioReader, type AudioStream } from './audio-stream.ts';
import { DigestGate } from './digest.ts';
import type { RtspFlavour } from './flavour.ts';
import type { LiveStream } from './live-stream.ts';
import type { RtspRequest, RtspResponse } from './message.ts';
import { AUDIO_TRACK, describeStream } from './sdp.ts';
import type { RtspSession } from './session.ts';
import { chooseTransport, type TransportWish } from './transport-header.ts';
import type { Transport } from './transport.ts';

/** An answer, and what is to happen once it is on its way. */
export interface Answer extends RtspResponse {
  readonly afterwards?: () => void;
}

/** What a dialogue needs of the camera's server. */
export interface DialogueHost {
  readonly camera: SimCamera;
  readonly flavour: RtspFlavour;
  readonly clock: Clock;
  readonly sessionTimeoutMs: number;
  readonly audio: AudioStream | undefined;
  streamOf(role: ProfileRole): LiveStream;
  /** `undefined` when the camera serves as many clients as it can. */
  openSession(stream: LiveStream, transport: Transport): RtspSession | undefined;
  findSession(id: string): RtspSession | undefined;
  endSession(session: RtspSession): void;
}

/** What a dialogue needs of its connection. */
export interface DialogueLine {
  readonly localHost: string;
  /** `undefined` when there is no port to be had. */
  openTransport(wish: TransportWish, sessionOf: () => RtspSession | undefined): Promise<OpenedTransport | undefined>;
}

export interface OpenedTransport {
  readonly transport: Transport;
  /** The `Transport` header of the answer. */
  readonly header: (ssrc: number) => string;
}

type Method = (request: RtspRequest) => Answer | Promise<Answer>;

/** One client's conversation (RFC 2326 §10): requests in, answers out. */
export class Dialogue {
  private readonly gate: DigestGate;
  private readonly methods: Readonly<Record<string, Method>> = {
    OPTIONS: () => ({ status: 200, headers: [['Public', this.host.flavour.methods.join(', ')]] }),
    DESCRIBE: (request) => this.describe(request),
    SETUP: (request) => this.setup(request),
    PLAY: (request) => this.play(request),
    PAUSE: (request) => this.pause(request),
    TEARDOWN: (request) => this.teardown(request),
    GET_PARAMETER: (request) => this.keepAlive(request),
    SET_PARAMETER: (request) => this.keepAlive(request),
  };

  constructor(
    private readonly host: DialogueHost,
    private readonly line: DialogueLine,
  ) {
    const { flavour, camera, clock } = host;
    const { algorithms, nonceLifeMs, realm } = flavour;
    this.gate = new DigestGate(realm, camera.spec, algorithms, nonceLifeMs, clock.monotonicMs());
  }

  async answer(request: RtspRequest): Promise<Answer> {
    const refusedWith = this.refuse(request);
    if (refusedWith) return refusedWith;
    const session = this.sessionOf(request);
    if (request.headers.has('session') && !session) return { status: 454 };
    session?.touch(this.host.clock.monotonicMs());
    return this.methods[request.method]!(request);
  }

  /** Common checks in the order of a real server: option tags, method, then login (OPTIONS needs none). */
  private refuse(request: RtspRequest): Answer | undefined {
    const required = request.headers.get('require');
    if (required !== undefined) return { status: 551, headers: [['Unsupported', required]] };
    if (!this.host.flavour.methods.includes(request.method)) {
      return { status: 405, headers: [['Allow', this.host.flavour.methods.join(', ')]] };
    }
    if (request.method === 'OPTIONS' && !request.headers.has('session')) return undefined;
    const { clock } = this.host;
    const verdict = this.gate.check(request.method, request.headers.get('authorization'), clock.monotonicMs());
    if (verdict === 'granted') return undefined;
    return { status: 401, headers: verdict.map((challenge) => ['WWW-Authenticate', challenge] as const) };
  }

  private describe(request: RtspRequest): Answer {
    const target = this.targetOf(request.uri);
    if (!target) return { status: 404 };
    const { camera, flavour, clock } = this.host;
    const body = describeStream({
      clip: target.stream.clip,
      audio: this.host.audio?.clip,
      flavour,
      host: this.line.localHost,
      streamUri: target.streamUri,
      bitrateKbps: target.stream.role === 'main' ? camera.spec.main.bitrateKbps : camera.spec.sub.bitrateKbps,
      sessionId: Math.floor(clock.nowMs()),
    });
    const base = flavour.contentBase ? [['Content-Base', `${target.streamUri}/`] as const] : [];
    return { status: 200, headers: [['Content-Type', 'application/sdp'], ...base], body };
  }

  private async setup(request: RtspRequest): Promise<Answer> {
    const target = this.targetOf(request.uri);
    if (!target) return { status: 404 };
    const known = this.sessionOf(request);
    if (target.isAudio !== (known !== undefined)) return { status: 455 };
    const wish = chooseTransport(request.headers.get('transport') ?? '');
    if (!wish) return { status: 461 };
    if (known) return this.setupAudio(known, wish);
    let session: RtspSession | undefined = undefined;
    const opened = await this.line.openTransport(wish, () => session);
    if (!opened) return { status: 453 };
    session = this.host.openSession(target.stream, opened.transport);
    if (!session) {
      opened.transport.close();
      return { status: 453 };
    }
    const transport = opened.header(session.reader.ssrc);
    return { status: 200, headers: [['Transport', transport], this.sessionHeader(session)] };
  }

  /** The second track of a session that does not play yet. */
  private async setupAudio(session: RtspSession, wish: TransportWish): Promise<Answer> {
    const { audio } = this.host;
    if (!audio || session.isPlaying || session.hasAudio) return { status: 455 };
    const opened = await this.line.openTransport(wish, () => session);
    if (!opened) return { status: 453 };
    const reader = new AudioReader(opened.transport);
    session.addAudio(audio, reader);
    return { status: 200, headers: [['Transport', opened.header(reader.ssrc)], this.sessionHeader(session)] };
  }

  private play(request: RtspRequest): Answer {
    const session = this.sessionOf(request);
    if (!session) return { status: 454 };
    const { reader, stream } = session;
    const info = `url=${request.uri.replace(/\/$/, '')}/${this.host.flavour.track};seq=${reader.nextSequence};rtptime=${reader.timestampOf(stream.nextKeyTicks())}`;
    return {
      status: 200,
      headers: [
        this.sessionHeader(session),
        ['Range', 'npt=now-'],
        ...(this.host.flavour.rtpInfo ? [['RTP-Info', info] as const] : []),
      ],
      afterwards: () => session.play(),
    };
  }

  private pause(request: RtspRequest): Answer {
    const session = this.sessionOf(request);
    if (!session) return { status: 454 };
    session.pause();
    return { status: 200, headers: [this.sessionHeader(session)] };
  }

  private teardown(request: RtspRequest): Answer {
    const session = this.sessionOf(request);
    if (!session) return { status: 454 };
    this.host.endSession(session);
    return { status: 200, headers: [this.sessionHeader(session)] };
  }

  /** Parameters themselves are not offered: an empty answer is what clients that ping expect (§10.8). */
  private keepAlive(request: RtspRequest): Answer {
    const session = this.sessionOf(request);
    return { status: 200, headers: session ? [this.sessionHeader(session)] : [] };
  }

  private sessionOf(request: RtspRequest): RtspSession | undefined {
    const id = request.headers.get('session')?.split(';')[0]?.trim();
    return id === undefined ? undefined : this.host.findSession(id);
  }

  private sessionHeader(session: RtspSession): readonly [string, string] {
    const timeoutS = Math.round(this.host.sessionTimeoutMs / 1_000);
    return ['Session', this.host.flavour.saysTimeout ? `${session.id};timeout=${timeoutS}` : session.id];
  }

  /** Which stream a URI names, itself or its track. */
  private targetOf(uri: string): { stream: LiveStream; streamUri: string; isAudio: boolean } | undefined {
    const path = pathOf(uri);
    if (path === undefined) return undefined;
    for (const role of ['main', 'sub'] as const) {
      const token = this.host.camera.spec[role].token;
      const streamPath = streamPathOf(this.host.camera, token);
      const rest = path.startsWith(streamPath) ? path.slice(streamPath.length) : undefined;
      const isAudio = this.host.audio !== undefined && rest === `/${AUDIO_TRACK}`;
      if (isAudio || rest === '' || rest === '/' || rest === `/${this.host.flavour.track}`) {
        return { stream: this.host.streamOf(role), streamUri: uri.slice(0, uri.length - rest.length), isAudio };
      }
    }
    return undefined;
  }
}

/** Path and query of an absolute `rtsp:` URI. */
function pathOf(uri: string): string | undefined {
  const match = /^rtsp:\/\/[^/?#]{1,255}(\/[^#]*)$/i.exec(uri);
  return match?.[1];
}

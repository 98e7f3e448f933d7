import type { Socket } from 'node:net';
import { reasonOf, type Logger, type Refusal } from '#libs/base';
import { Dialogue, type DialogueHost, type OpenedTransport } from './dialogue.ts';
import { RtspReader, formatResponse, type RtspInput, type RtspRequest } from './message.ts';
import { looksLikeReport } from './rtcp.ts';
import type { RtspSession } from './session.ts';
import type { TransportWish } from './transport-header.ts';
import { InterleavedTransport, UdpTransport } from './transport.ts';

/** One TCP connection of a client: bytes to requests to answers, one at a time and in order. */
export class RtspConnection {
  private readonly input = new RtspReader();
  private readonly dialogue: Dialogue;
  /** Sessions whose packets travel on this connection: they end with it. */
  private readonly interleaved = new Set<() => RtspSession | undefined>();
  private lastInputMs: number;
  private isAnswering = false;
  private hasAsked = false;

  constructor(
    private readonly socket: Socket,
    private readonly host: DialogueHost,
    private readonly logger: Logger,
    onClose: () => void,
  ) {
    this.lastInputMs = host.clock.monotonicMs();
    this.dialogue = new Dialogue(host, {
      localHost: socket.localAddress ?? host.camera.host,
      openTransport: (wish, sessionOf) => this.openTransport(wish, sessionOf),
    });
    socket.setNoDelay(true);
    socket.on('data', (bytes: Buffer) => this.take(bytes));
    socket.on('error', () => {}); // 'close' follows
    socket.on('close', () => {
      this.endInterleaved();
      onClose();
    });
  }

  /** `false` while a session's packets travel here: then the session's own timeout rules. */
  get isIdle(): boolean {
    return this.liveSessions().length === 0;
  }

  /** How long a client has been silent, and whether it ever made a whole request. */
  silence(nowMs: number): { readonly idleMs: number; readonly hasAsked: boolean } {
    return { idleMs: nowMs - this.lastInputMs, hasAsked: this.hasAsked };
  }

  carries(session: RtspSession): boolean {
    return this.liveSessions().includes(session);
  }

  /** Reset, as when the cable is pulled. */
  reset(): void {
    this.socket.resetAndDestroy();
  }

  end(): void {
    this.socket.end();
    this.socket.destroySoon();
  }

  private take(bytes: Buffer): void {
    this.input.push(bytes);
    if (this.isAnswering) return;
    this.isAnswering = true;
    this.serve()
      .catch((thrown: unknown) => {
        this.logger.error({ reason: reasonOf(thrown) }, 'RTSP request failed by a bug');
        this.socket.destroy();
      })
      .finally(() => {
        this.isAnswering = false;
      });
  }

  /** Reading stops while requests are answered, so a client cannot pile them up. */
  private async serve(): Promise<void> {
    for (;;) {
      const next = this.input.next();
      if (!next.ok) return this.refuse(next.refusal);
      if (!next.value) return;
      if (next.value.kind === 'packet') this.takePacket(next.value);
      else await this.serveRequest(next.value.request);
    }
  }

  private takePacket(input: Extract<RtspInput, { kind: 'packet' }>): void {
    if (!looksLikeReport(input.packet)) return;
    for (const session of this.liveSessions()) session.touch(this.host.clock.monotonicMs());
  }

  private async serveRequest(request: RtspRequest): Promise<void> {
    this.lastInputMs = this.host.clock.monotonicMs();
    this.hasAsked = true;
    this.socket.pause();
    const answer = await this.dialogue.answer(request);
    this.socket.resume();
    if (!this.socket.writable) return;
    const { flavour } = this.host;
    const headers = [...(answer.headers ?? []), ['Server', flavour.server] as const];
    this.socket.write(
      formatResponse({ ...answer, headers }, request.headers.get('cseq')?.slice(0, 32), flavour.lowerCaseHeaders),
    );
    answer.afterwards?.();
  }

  private refuse(refusal: Refusal): void {
    const status = refusal.kind === 'too-large' ? 413 : 400;
    this.socket.end(formatResponse({ status }, undefined, this.host.flavour.lowerCaseHeaders));
  }

  private async openTransport(
    wish: TransportWish,
    sessionOf: () => RtspSession | undefined,
  ): Promise<OpenedTransport | undefined> {
    if (wish.kind === 'udp') return this.openUdp(wish, sessionOf);
    this.interleaved.add(sessionOf);
    const { channel, controlChannel } = wish;
    return {
      transport: new InterleavedTransport(this.socket, channel, controlChannel),
      header: (ssrc) => `RTP/AVP/TCP;unicast;interleaved=${channel}-${controlChannel};ssrc=${hex(ssrc)}`,
    };
  }

  /** Packets go to the address that asked and to no other: `destination=` is not obeyed. */
  private async openUdp(
    wish: Extract<TransportWish, { kind: 'udp' }>,
    sessionOf: () => RtspSession | undefined,
  ): Promise<OpenedTransport | undefined> {
    const { rtpPort, rtcpPort } = wish;
    const peer = { address: this.socket.remoteAddress ?? '', rtpPort, rtcpPort };
    const opened = await UdpTransport.open(this.host.camera.host, peer, (packet) => {
      if (looksLikeReport(packet)) sessionOf()?.touch(this.host.clock.monotonicMs());
    });
    if (!opened.ok) return undefined;
    const { serverPort } = opened.value;
    const ports = `client_port=${rtpPort}-${rtcpPort};server_port=${serverPort}-${serverPort + 1}`;
    return {
      transport: opened.value,
      header: (ssrc) => `RTP/AVP;unicast;${ports};ssrc=${hex(ssrc)}`,
    };
  }

  private liveSessions(): RtspSession[] {
    const sessions = [...this.interleaved].map((sessionOf) => sessionOf());
    return sessions.filter(
      (session): session is RtspSession => session !== undefined && this.host.findSession(session.id) === session,
    );
  }

  private endInterleaved(): void {
    for (const session of this.liveSessions()) this.host.endSession(session);
    this.interleaved.clear();
  }
}

function hex(ssrc: number): string {
  return ssrc.toString(16).toUpperCase().padStart(8, '0');
}

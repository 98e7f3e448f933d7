import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { ReorderBuffer } from '#libs/rtp';
import type { PortPair } from '#libs/rtsp';

/** A key frame of 1 MB comes in one burst. The system may allow less (`net.core.rmem_max`). */
const RECEIVE_BUFFER_BYTES = 1024 * 1024;
/** An odd port, or a neighbour that is taken, is given back and another one tried. */
const MAX_TRIES = 16;

export interface UdpMediaSink {
  /** In order, or left over: the receiver tells them apart by their numbers. `packet` is a datagram of its own. */
  onRtp(packet: Buffer, arrivedMs: number): void;
  onRtcp(packet: Buffer): void;
}

/**
 * Two ports of ours, even and odd (RFC 3550 §11), to which one camera sends one stream. Datagrams from other addresses, or
 * from other ports than the camera announced, are dropped and counted. Where it announced none, the first one that comes
 * from its address settles the port.
 */
export class UdpMedia {
  /** Datagrams that did not come from the camera. */
  foreignDatagrams = 0;
  private address: string | undefined;
  private rtpFrom: number | undefined;
  private rtcpFrom: number | undefined;
  private readonly reorder: ReorderBuffer;
  private isClosed = false;

  private constructor(
    private readonly rtp: Socket,
    private readonly rtcp: Socket,
    readonly ports: PortPair,
    private readonly sink: UdpMediaSink,
    monotonicMs: () => number,
  ) {
    this.reorder = new ReorderBuffer({
      onPacket: (packet, arrivedMs) => this.handOn(packet, arrivedMs),
      onLeftOver: (packet, arrivedMs) => this.handOn(packet, arrivedMs),
    });
    // What a socket says later (a camera that refuses a report by ICMP) changes nothing: silence ends the stream.
    for (const socket of [rtp, rtcp]) socket.on('error', () => {});
    rtp.on('message', (packet, from) => this.takeRtp(packet, from, monotonicMs()));
    rtcp.on('message', (packet, from) => this.takeRtcp(packet, from));
  }

  /** On every address of ours: which one the camera sends to is its routing. Undefined: no pair of ports is to be had. */
  static async open(
    family: 'udp4' | 'udp6',
    sink: UdpMediaSink,
    monotonicMs: () => number,
  ): Promise<UdpMedia | undefined> {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const first = await bound(family, 0);
      if (!first) return undefined;
      const port = first.address().port;
      const second = await bound(family, port % 2 === 0 ? port + 1 : port - 1);
      if (second) {
        const [rtp, rtcp] = port % 2 === 0 ? [first, second] : [second, first];
        const ports = { rtpPort: rtp.address().port, rtcpPort: rtcp.address().port };
        return new UdpMedia(rtp, rtcp, ports, sink, monotonicMs);
      }
      first.close();
    }
    return undefined;
  }

  /** SETUP was granted: from now on datagrams of this camera are taken. `address` as the control connection has it. */
  expect(address: string, from: PortPair | undefined): void {
    this.address = plain(address);
    this.rtpFrom = from?.rtpPort;
    this.rtcpFrom = from?.rtcpPort;
  }

  /** A report goes to the camera's RTCP port; nowhere while that is not known. */
  sendRtcp(packet: Buffer): void {
    if (this.isClosed || this.address === undefined || this.rtcpFrom === undefined) return;
    this.rtcp.send(packet, this.rtcpFrom, this.address, () => {});
  }

  /** Gives up holes that were waited for. */
  tick(nowMs: number): void {
    if (!this.isClosed) this.reorder.tick(nowMs);
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.rtp.close();
    this.rtcp.close();
  }

  private takeRtp(packet: Buffer, from: RemoteInfo, nowMs: number): void {
    if (!this.isFromCamera(from, this.rtpFrom)) return;
    this.rtpFrom ??= from.port;
    this.reorder.push(packet, nowMs);
  }

  private takeRtcp(packet: Buffer, from: RemoteInfo): void {
    if (!this.isFromCamera(from, this.rtcpFrom)) return;
    this.rtcpFrom ??= from.port;
    this.sink.onRtcp(packet);
  }

  private isFromCamera(from: RemoteInfo, port: number | undefined): boolean {
    const isOurs = !this.isClosed && plain(from.address) === this.address && (port === undefined || from.port === port);
    if (!isOurs) this.foreignDatagrams++;
    return isOurs;
  }

  private handOn(packet: Buffer, arrivedMs: number): void {
    if (!this.isClosed) this.sink.onRtp(packet, arrivedMs);
  }
}

export type MediaKind = 'video' | 'audio';

/** The ports for a stream, and for its audio where that is wanted and can be had. */
export class UdpPorts {
  private constructor(
    readonly video: UdpMedia,
    readonly audio: UdpMedia | undefined,
  ) {}

  /** Undefined: there are none for the video. */
  static async open(
    family: 'udp4' | 'udp6',
    withAudio: boolean,
    sinkOf: (kind: MediaKind) => UdpMediaSink,
    monotonicMs: () => number,
  ): Promise<UdpPorts | undefined> {
    const open = (kind: MediaKind): Promise<UdpMedia | undefined> => UdpMedia.open(family, sinkOf(kind), monotonicMs);
    const [video, audio] = await Promise.all([open('video'), withAudio ? open('audio') : undefined]);
    if (video) return new UdpPorts(video, audio);
    audio?.close();
    return undefined;
  }

  /** See {@link UdpMedia.tick}. */
  tick(nowMs: number): void {
    this.video.tick(nowMs);
    this.audio?.tick(nowMs);
  }

  close(): void {
    this.video.close();
    this.audio?.close();
  }
}

/** IPv4 in IPv6 (RFC 4291 §2.5.5.2) as IPv4; no zone, which one side may name and the other not. */
function plain(address: string): string {
  return address
    .toLowerCase()
    .replace(/^::ffff:(?=\d+\.)/, '')
    .replace(/%.*$/, '');
}

function bound(family: 'udp4' | 'udp6', port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket({ type: family, recvBufferSize: RECEIVE_BUFFER_BYTES });
    socket.once('error', () => {
      socket.close();
      resolve(undefined);
    });
    socket.bind({ port, exclusive: true }, () => {
      socket.removeAllListeners('error');
      resolve(socket);
    });
  });
}

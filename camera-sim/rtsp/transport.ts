import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import type { Socket } from 'node:net';
import { ok, refusal, refused, type Result } from '#libs/base';
import { FRAMING_BYTES } from './prepare.ts';

/** How packets reach one client. */
export interface Transport {
  /** Interleaved channel of RTP packets; without meaning for UDP. */
  readonly channel: number;
  readonly isOpen: boolean;
  /** Bytes given to the system that it has not taken yet. */
  backlogBytes(): number;
  /** A run of whole framed packets (see `PreparedFrame`). `done` is called once the bytes are not needed any more. */
  send(run: Buffer, done: () => void): void;
  sendControl(packet: Buffer): void;
  close(): void;
}

/** RFC 2326 §10.12: packets share the RTSP connection. */
export class InterleavedTransport implements Transport {
  constructor(
    private readonly socket: Socket,
    readonly channel: number,
    private readonly controlChannel: number,
  ) {}

  get isOpen(): boolean {
    return this.socket.writable;
  }

  backlogBytes(): number {
    return this.socket.writableLength;
  }

  send(run: Buffer, done: () => void): void {
    if (this.socket.writable) this.socket.write(run, done);
    else done();
  }

  sendControl(packet: Buffer): void {
    if (!this.socket.writable) return;
    const framed = Buffer.alloc(FRAMING_BYTES + packet.length);
    framed[0] = 0x24;
    framed[1] = this.controlChannel;
    framed.writeUInt16BE(packet.length, 2);
    packet.copy(framed, FRAMING_BYTES);
    this.socket.write(framed);
  }

  /** The connection belongs to RTSP, not to this stream. */
  close(): void {}
}

export interface UdpPeer {
  readonly address: string;
  readonly rtpPort: number;
  readonly rtcpPort: number;
}

const FIRST_UDP_PORT = 40_000;
const UDP_PORT_TRIES = 200;

/** One even and one odd port of the camera's own address (RFC 3550 §11), to one client. */
export class UdpTransport implements Transport {
  readonly channel = 0;
  isOpen = true;

  private constructor(
    private readonly rtp: UdpSocket,
    private readonly rtcp: UdpSocket,
    readonly serverPort: number,
    private readonly peer: UdpPeer,
    onControl: (packet: Buffer) => void,
  ) {
    // An ICMP refusal of a client that went away is not ours to handle: its session times out.
    rtp.on('error', () => {});
    rtcp.on('error', () => {});
    rtcp.on('message', (packet, from) => {
      if (from.address === peer.address) onControl(packet);
    });
  }

  static async open(host: string, peer: UdpPeer, onControl: (packet: Buffer) => void): Promise<Result<UdpTransport>> {
    for (let port = FIRST_UDP_PORT; port < FIRST_UDP_PORT + 2 * UDP_PORT_TRIES; port += 2) {
      const rtp = await bind(host, port);
      const rtcp = rtp && (await bind(host, port + 1));
      if (rtp && rtcp) return ok(new UdpTransport(rtp, rtcp, port, peer, onControl));
      rtp?.close();
    }
    return refused(refusal('unavailable', 'no-udp-ports', `no free pair of UDP ports on ${host}`));
  }

  backlogBytes(): number {
    return this.isOpen ? this.rtp.getSendQueueSize() : 0;
  }

  send(run: Buffer, done: () => void): void {
    if (!this.isOpen) return done();
    for (let at = 0; at < run.length;) {
      const end = at + FRAMING_BYTES + run.readUInt16BE(at + 2);
      const sent = end >= run.length ? done : ignore;
      this.rtp.send(run, at + FRAMING_BYTES, end - at - FRAMING_BYTES, this.peer.rtpPort, this.peer.address, sent);
      at = end;
    }
  }

  sendControl(packet: Buffer): void {
    if (this.isOpen) this.rtcp.send(packet, this.peer.rtcpPort, this.peer.address, ignore);
  }

  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.rtp.close();
    this.rtcp.close();
  }
}

function ignore(): void {}

function bind(host: string, port: number): Promise<UdpSocket | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', () => {
      socket.close();
      resolve(undefined);
    });
    socket.bind({ address: host, port, exclusive: true }, () => {
      socket.removeAllListeners('error');
      resolve(socket);
    });
  });
}

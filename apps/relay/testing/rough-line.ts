import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { seededRandom } from '../../../scripts/fuzz/mutate.ts';

/** How a {@link RoughLine} treats RTP datagrams. Reports pass untouched. */
export interface Roughness {
  readonly seed: number;
  /** Share that never arrives. */
  readonly lostShare: number;
  /** Share that lets up to {@link maxOvertaken} others pass. */
  readonly delayedShare: number;
  readonly maxOvertaken: number;
  /** The camera streams over UDP only: a wish for interleaved packets is answered with 461. */
  readonly refusesTcp?: boolean;
}

/** Loses and delays nothing. */
export const SMOOTH: Roughness = { seed: 1, lostShare: 0, delayedShare: 0, maxOvertaken: 1 };

interface Pair {
  readonly rtp: UdpSocket;
  readonly rtcp: UdpSocket;
  readonly port: number;
}

/**
 * A bad network between a camera and the relay: RTSP goes through with its ports rewritten, datagrams are lost and overtake
 * each other, by a seed and not by a clock. Stands at `host`, which is what the relay is told is the camera.
 */
export class RoughLine {
  lost = 0;
  delayed = 0;
  /** Of the relay. */
  readonly reports: Buffer[] = [];
  private readonly server: Server;
  private readonly sockets: { destroy(): void }[] = [];
  private readonly held: { packet: Buffer; left: number; send: (packet: Buffer) => void }[] = [];
  private readonly random: () => number;

  private constructor(
    readonly host: string,
    private readonly camera: { readonly host: string; readonly port: number },
    private readonly roughness: Roughness,
  ) {
    this.random = seededRandom(roughness.seed);
    this.server = createServer((relay) => this.join(relay));
  }

  static async open(host: string, camera: { host: string; port: number }, roughness: Roughness): Promise<RoughLine> {
    const line = new RoughLine(host, camera, roughness);
    await new Promise<void>((resolve) => line.server.listen(0, host, () => resolve()));
    return line;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private join(relay: Socket): void {
    const camera = connect({ ...this.camera, localAddress: this.host });
    const wires: { ours?: Pair; theirs?: Pair; relayPort: number; cameraPort: number } = {
      relayPort: 0,
      cameraPort: 0,
    };
    this.sockets.push(relay, camera);
    for (const [from, to] of [
      [relay, camera],
      [camera, relay],
    ] as const) {
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
    }
    relay.on('data', (bytes) => {
      const text = bytes.toString('latin1');
      const asked = /client_port=(\d+)-\d+/.exec(text);
      if (this.roughness.refusesTcp && text.includes('interleaved=')) return this.refuse(relay, text);
      if (!asked) return void camera.write(bytes);
      void Promise.all([this.pair(), this.pair()]).then(([ours, theirs]) => {
        Object.assign(wires, { ours, theirs, relayPort: Number(asked[1]) });
        this.carry(wires as Required<typeof wires>, relay.remoteAddress!);
        camera.write(Buffer.from(text.replace(asked[0], `client_port=${ours.port}-${ours.port + 1}`), 'latin1'));
      });
    });
    camera.on('data', (bytes) => {
      const text = bytes.toString('latin1');
      const named = /server_port=(\d+)-\d+/.exec(text);
      if (!named || !wires.theirs) return void relay.write(bytes);
      wires.cameraPort = Number(named[1]);
      const told = text
        .replace(/client_port=\d+-\d+/, `client_port=${wires.relayPort}-${wires.relayPort + 1}`)
        .replace(named[0], `server_port=${wires.theirs.port}-${wires.theirs.port + 1}`);
      relay.write(Buffer.from(told, 'latin1'));
    });
  }

  private refuse(relay: Socket, request: string): void {
    const cseq = /CSeq: *(\d+)/i.exec(request)?.[1];
    relay.write(`RTSP/1.0 461 Unsupported Transport\r\nCSeq: ${cseq}\r\n\r\n`);
  }

  /** `ours` faces the camera, `theirs` the relay. */
  private carry(wires: { ours: Pair; theirs: Pair; relayPort: number; cameraPort: number }, relayHost: string): void {
    const { ours, theirs } = wires;
    const send = (packet: Buffer): void => theirs.rtp.send(packet, wires.relayPort, relayHost);
    ours.rtp.on('message', (packet) => this.treat(packet, send));
    ours.rtcp.on('message', (packet) => theirs.rtcp.send(packet, wires.relayPort + 1, relayHost));
    theirs.rtcp.on('message', (packet: Buffer) => {
      this.reports.push(packet);
      ours.rtcp.send(packet, wires.cameraPort + 1, this.camera.host);
    });
  }

  private treat(packet: Buffer, send: (packet: Buffer) => void): void {
    const { lostShare, delayedShare, maxOvertaken } = this.roughness;
    const fate = this.random();
    for (const each of this.held) each.left--;
    if (fate < lostShare) this.lost++;
    else if (fate >= lostShare + delayedShare) send(packet);
    else {
      this.delayed++;
      this.held.push({ packet, left: 1 + Math.floor(this.random() * maxOvertaken), send });
    }
    const due = this.held.filter((each) => each.left <= 0);
    this.held.splice(0, this.held.length, ...this.held.filter((each) => each.left > 0));
    for (const each of due) each.send(each.packet);
  }

  /** Even and odd. */
  private async pair(): Promise<Pair> {
    for (;;) {
      const rtp = await this.bind(0);
      const { port } = rtp!.address();
      const rtcp = port % 2 === 0 ? await this.bind(port + 1) : undefined;
      if (rtcp) {
        this.sockets.push({ destroy: () => void rtp!.close() }, { destroy: () => void rtcp.close() });
        return { rtp: rtp!, rtcp, port };
      }
      rtp!.close();
    }
  }

  private bind(port: number): Promise<UdpSocket | undefined> {
    return new Promise((resolve) => {
      const socket = createSocket('udp4');
      socket.once('error', () => resolve(undefined));
      socket.bind(port, this.host, () => resolve(socket));
    });
  }
}

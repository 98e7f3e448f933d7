import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** What a camera does with each request it is sent; `connections` counts who came. */
export type Behaviour = (socket: Socket, request: string, cseq: string) => void;

export class HostileCamera {
  connections = 0;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    readonly host: string,
  ) {}

  /** @param greet what it does before it is asked anything */
  static async start(
    behave: Behaviour,
    {
      host = '127.0.0.1',
      greet,
    }: { readonly host?: string; readonly greet?: ((socket: Socket) => void) | undefined } = {},
  ): Promise<HostileCamera> {
    const server = createServer();
    const camera = new HostileCamera(server, host);
    server.on('connection', (socket) => camera.serve(socket, behave, greet));
    await new Promise<void>((resolve) => server.listen(0, host, () => resolve()));
    return camera;
  }

  get uri(): string {
    return `rtsp://${this.host}:${(this.server.address() as AddressInfo).port}/stream`;
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private serve(socket: Socket, behave: Behaviour, greet?: (socket: Socket) => void): void {
    this.connections++;
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      const text = bytes.toString('latin1');
      behave(socket, text, /CSeq: *(\d+)/i.exec(text)?.[1] ?? '1');
    });
    greet?.(socket);
  }
}

/** Answers as a camera should, with this SDP, then calls `play`. */
export function politeUntilPlay(media: string, play: (socket: Socket) => void): Behaviour {
  const sdp = `v=0\r\no=- 0 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n${media}\r\na=control:track1\r\n`;
  return (socket, request, cseq) => {
    const answer = (fields: string, body = ''): void => {
      socket.write(`RTSP/1.0 200 OK\r\nCSeq: ${cseq}\r\n${fields}Content-Length: ${body.length}\r\n\r\n${body}`);
    };
    if (request.startsWith('DESCRIBE')) answer('Content-Type: application/sdp\r\n', sdp);
    else if (request.startsWith('SETUP')) answer('Session: 1\r\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n');
    else answer('Session: 1\r\nPublic: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n');
    if (request.startsWith('PLAY')) play(socket);
  };
}

/** An interleaved RTP packet (RFC 2326 §10.12, RFC 3550 §5.1). */
export function rtpPacket(sequence: number, timestamp: number, payload: Buffer): Buffer {
  const out = Buffer.alloc(16 + payload.length);
  out[0] = 0x24;
  out.writeUInt16BE(12 + payload.length, 2);
  out[4] = 0x80;
  out[5] = 0x80 | 96;
  out.writeUInt16BE(sequence & 0xffff, 6);
  out.writeUInt32BE(timestamp >>> 0, 8);
  out.writeUInt32BE(0x1234, 12);
  payload.copy(out, 16);
  return out;
}

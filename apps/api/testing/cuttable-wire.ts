import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A TCP line to a server that a test can cut and join: what a client sees of a server that stops and starts again. */
export class CuttableWire {
  private readonly open = new Set<Socket>();
  private server: Server | undefined;
  private port = 0;

  constructor(
    private readonly targetHost: string,
    private readonly targetPort: number,
  ) {}

  /** Listens, on the same port as before, and answers the port. */
  async join(): Promise<number> {
    const server = createServer((near) => this.carry(near));
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.server = server;
    this.port = (server.address() as AddressInfo).port;
    return this.port;
  }

  /** Resets every connection and refuses new ones. */
  async cut(): Promise<void> {
    const closed = new Promise((resolve) => this.server?.close(resolve));
    for (const socket of this.open) socket.resetAndDestroy();
    await closed;
  }

  private carry(near: Socket): void {
    const far = connect(this.targetPort, this.targetHost);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.open.add(socket);
      socket.pipe(other);
      socket.on('error', () => other.destroy());
      socket.on('close', () => this.open.delete(socket) && other.destroy());
    }
  }
}

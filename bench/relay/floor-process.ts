import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import net from 'node:net';
import { RtspSession, type RtspSessionOptions } from '#libs/rtsp';
import { systemClock } from '#libs/base';

/**
 * The floor of the benchmark as a process of its own: asks every camera for its video and throws away what it reads. What
 * this costs, any relay on this machine has to pay; what a relay costs beyond it is its own work.
 *
 *   node floor-process.js <cameras.json> <port>     tells {playing, bytes} on GET http://127.0.0.1:<port>/
 */
export interface FloorCamera {
  readonly host: string;
  readonly port: number;
  readonly url: string;
  readonly username: string;
  readonly password: string;
}

export interface FloorState {
  readonly playing: number;
  /** Bytes read since each camera plays, all together. */
  readonly bytes: number;
  readonly failures: readonly string[];
}

/** As the relay reads: one buffer for all sockets, of the same size (apps/relay/src/supervisor.ts). */
const READ_BUFFER_BYTES = 64 * 1024;
const TICK_MS = 1_000;
/** Nothing that is read while it plays reaches the session, so it hears neither packets nor answers. */
const NEVER_MS = Number.POSITIVE_INFINITY;
const CONNECTS_AT_ONCE = 50;

class Discard {
  bytes = 0;
  failure: string | undefined;
  private session: RtspSession | undefined;

  constructor(
    private readonly camera: FloorCamera,
    private readonly readBuffer: Buffer,
  ) {}

  get isPlaying(): boolean {
    return this.session?.state.name === 'playing';
  }

  /** Resolves when it plays or cannot. */
  start(): Promise<void> {
    const { host, port } = this.camera;
    return new Promise((resolve) => {
      const fail = (reason: string): void => {
        this.failure ??= reason;
        resolve();
      };
      const socket: net.Socket = net.connect({
        host,
        port,
        noDelay: true,
        onread: { buffer: this.readBuffer, callback: (bytes, buffer) => this.read(bytes, buffer as Buffer) },
      });
      socket.on('error', (error) => fail(error.message));
      socket.on('close', () => fail('the camera closed the connection'));
      socket.once('connect', () => {
        this.session = new RtspSession(this.optionsOf(socket, resolve, fail));
        this.session.start();
      });
    });
  }

  /** Keeps the camera's session alive, as a relay does. */
  tick(): void {
    this.session?.tick();
  }

  private read(bytes: number, buffer: Buffer): boolean {
    if (this.isPlaying) this.bytes += bytes;
    else this.session?.receive(buffer, bytes);
    return true;
  }

  private optionsOf(socket: net.Socket, onPlaying: () => void, fail: (reason: string) => void): RtspSessionOptions {
    const { url, username, password } = this.camera;
    return {
      url,
      credential: { username, password },
      clock: systemClock,
      timing: { silenceMs: NEVER_MS },
      send: (bytes) => void socket.write(bytes),
      onTrack: () => {},
      onPacket: () => {},
      onPlaying,
      onFail: ({ code, message }) => fail(`${code}: ${message}`),
    };
  }
}

async function main(): Promise<void> {
  const [file = '', port = ''] = process.argv.slice(2);
  const cameras = JSON.parse(await readFile(file, 'utf8')) as FloorCamera[];
  const readBuffer = Buffer.allocUnsafeSlow(READ_BUFFER_BYTES);
  const all = cameras.map((camera) => new Discard(camera, readBuffer));
  const server = createServer((_, response) => response.end(JSON.stringify(stateOf(all))));
  server.listen(Number(port), '127.0.0.1');
  systemClock.every(TICK_MS, () => all.forEach((one) => one.tick()));
  for (let from = 0; from < all.length; from += CONNECTS_AT_ONCE) {
    await Promise.all(all.slice(from, from + CONNECTS_AT_ONCE).map((one) => one.start()));
  }
}

function stateOf(all: readonly Discard[]): FloorState {
  return {
    playing: all.filter((one) => one.isPlaying && one.failure === undefined).length,
    bytes: all.reduce((sum, one) => sum + one.bytes, 0),
    failures: all.flatMap(({ failure }) => (failure === undefined ? [] : [failure])).slice(0, 5),
  };
}

await main();

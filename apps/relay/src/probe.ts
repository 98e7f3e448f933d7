import net from 'node:net';
import { reasonOf, refusal, type Clock, type Refusal } from '#libs/base';
import type { StreamTarget } from '#libs/relay';
import { RtspSession, type Credential } from '#libs/rtsp';
import { publicRefusal, socketRefusal } from './peer-failure.ts';

/** All of it: connecting, OPTIONS, DESCRIBE, a login. As long as a pull waits for a connection, and its answers. */
const PROBE_MS = 4_000;

export interface ProbeOptions {
  readonly target: StreamTarget;
  readonly credential: Credential | undefined;
  readonly readBuffer: Buffer;
  readonly clock: Clock;
  /** Once. Undefined: it describes video that we would take. */
  onEnd(why: Refusal | undefined): void;
}

/**
 * Asks a camera once whether it would give its video, as far as that can be known without taking any: connection, login and
 * DESCRIBE (RFC 2326 §10.2). Some four small messages; no SETUP, so that no place of the few that cameras have is taken.
 */
export class Probe {
  private readonly socket: net.Socket;
  private readonly deadlineMs: number;
  private session: RtspSession | undefined;
  private isOver = false;

  constructor(private readonly options: ProbeOptions) {
    const { target, readBuffer, clock } = options;
    this.deadlineMs = clock.monotonicMs() + PROBE_MS;
    this.socket = net.connect({
      host: target.host,
      port: target.port,
      noDelay: true,
      onread: { buffer: readBuffer, callback: (bytes, buffer) => this.read(bytes, buffer as Buffer) },
    });
    this.socket.once('connect', () => this.ask());
    this.socket.on('error', (error) => this.end(socketRefusal(error)));
    this.socket.on('close', () =>
      this.end(refusal('peer-failed', 'connection-closed', 'the camera closed the connection')),
    );
  }

  tick(nowMs: number): void {
    if (nowMs < this.deadlineMs) return this.session?.tick();
    this.end(refusal('peer-failed', 'connect-timeout', `no complete answer within ${PROBE_MS} ms`));
  }

  /** Nobody wants to know any more. */
  cancel(): void {
    this.isOver = true;
    this.socket.destroy();
  }

  private ask(): void {
    const { target, credential, clock } = this.options;
    this.session = new RtspSession({
      url: target.url,
      ...(credential && { credential }),
      clock,
      send: (bytes) => this.socket.write(bytes),
      onTrack: () => {},
      onPacket: () => {},
      onDescribed: () => this.end(undefined),
      // One that leads elsewhere answers; where that leads, and whether it may, is seen when it is pulled.
      onFail: (reason) => this.end(reason.code === 'rtsp-redirected' ? undefined : reason),
    });
    this.session.start();
  }

  private read(bytes: number, buffer: Buffer): boolean {
    try {
      this.session?.receive(buffer, bytes);
    } catch (error) {
      this.end(refusal('unavailable', 'relay-defect', reasonOf(error)));
    }
    return !this.isOver;
  }

  private end(why: Refusal | undefined): void {
    if (this.isOver) return;
    this.cancel();
    this.options.onEnd(why && publicRefusal(why));
  }
}

import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { networkInterfaces } from 'node:os';
import { reasonOf, type Clock, type Logger, type Timer } from '#libs/base';

/** WS-Discovery §2.4, for IPv4. */
export const DISCOVERY_GROUP = '239.255.255.250';
export const DISCOVERY_PORT = 3702;

/** A laptop's interfaces come and go. */
const REJOIN_MS = 10_000;
/** ONVIF and WS-Discovery stay in the site; two hops let a routed test network work. */
const MULTICAST_TTL = 2;
const MAX_INTERFACES = 64;

export interface GroupDeps {
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * One UDP socket on the discovery port, shared with other programs of the machine, that is a member of the group on every
 * IPv4 interface, loopback included.
 */
export class GroupSocket {
  private readonly joined = new Set<string>();
  private readonly rejoin: Timer;
  /** Multicasts go out one after another, because the interface is a setting of the socket. */
  private sending: Promise<void> = Promise.resolve();

  private constructor(
    private readonly socket: Socket,
    private readonly deps: GroupDeps,
  ) {
    this.join();
    this.rejoin = deps.clock.every(REJOIN_MS, () => this.join());
  }

  static async open(deps: GroupDeps, onMessage: (bytes: Buffer, from: RemoteInfo) => void): Promise<GroupSocket> {
    const socket = createSocket({ type: 'udp4', reuseAddr: true });
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(DISCOVERY_PORT, () => {
        socket.off('error', reject);
        resolve();
      });
    });
    socket.on('error', (error) => deps.logger.warn({ reason: reasonOf(error) }, 'discovery socket error'));
    socket.on('message', onMessage);
    socket.setMulticastTTL(MULTICAST_TTL);
    return new GroupSocket(socket, deps);
  }

  /** Addresses of the interfaces on which the group was joined. */
  get interfaces(): readonly string[] {
    return [...this.joined];
  }

  reply(text: string, to: RemoteInfo): void {
    this.socket.send(text, to.port, to.address, (error) => this.note(error, 'discovery reply not sent'));
  }

  /** To the group, on every interface. */
  multicast(text: string): Promise<void> {
    this.sending = this.sending.then(async () => {
      for (const address of this.joined) await this.sendOn(address, text);
    });
    return this.sending;
  }

  async close(): Promise<void> {
    this.rejoin.cancel();
    await this.sending;
    await new Promise<void>((resolve) => this.socket.close(() => resolve()));
  }

  private sendOn(address: string, text: string): Promise<void> {
    return new Promise((resolve) => {
      try {
        this.socket.setMulticastInterface(address);
      } catch (thrown) {
        this.note(thrown, 'interface gone');
        this.joined.delete(address);
        return resolve();
      }
      this.socket.send(text, DISCOVERY_PORT, DISCOVERY_GROUP, (error) => {
        this.note(error, 'discovery announcement not sent');
        resolve();
      });
    });
  }

  private join(): void {
    for (const address of ipv4Addresses()) {
      if (this.joined.has(address)) continue;
      try {
        this.socket.addMembership(DISCOVERY_GROUP, address);
      } catch (thrown) {
        this.note(thrown, 'discovery group not joined');
        continue;
      }
      this.joined.add(address);
    }
  }

  private note(thrown: unknown, what: string): void {
    if (thrown !== null && thrown !== undefined) this.deps.logger.debug({ reason: reasonOf(thrown) }, what);
  }
}

/** One address of each interface: membership is the interface's, not the address's. */
function ipv4Addresses(): string[] {
  const found: string[] = [];
  for (const addresses of Object.values(networkInterfaces())) {
    const first = addresses?.find(({ family }) => family === 'IPv4');
    if (first && found.length < MAX_INTERFACES) found.push(first.address);
  }
  return found;
}

import { connect, type Socket } from 'node:net';
import { systemClock, type Timer } from '#libs/base';

const SECOND_MS = 1_000;
/** Senders are woken this often; each unit reports once a second at its own moment. */
const SLOT_MS = 20;

interface Vehicle {
  readonly socket: Socket;
  readonly path: string;
  /** A report was sent and not answered. */
  waiting: boolean;
  step: number;
  latitudeDeg: number;
  longitudeDeg: number;
}

/**
 * Phones that report by the OsmAnd protocol once a second, each by a keep-alive connection of its own, as Traccar Client
 * does. A phone that has no answer yet does not report again. Written on plain sockets: what is measured is the api, not
 * a client library that shares the machine.
 */
export class Fleet {
  /** Answered with 200. */
  taken = 0;
  refused = 0;
  /** A second passed and the answer to the report before was not there. */
  skipped = 0;
  private timer: Timer | undefined;

  private constructor(private readonly vehicles: readonly Vehicle[]) {}

  static async open(port: number, paths: readonly string[]): Promise<Fleet> {
    const vehicles: Vehicle[] = [];
    for (const [index, path] of paths.entries()) {
      const socket = connect(port, '127.0.0.1').setNoDelay();
      await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
      const [latitudeDeg, longitudeDeg] = [-17.66 + (index % 50) * 0.001, -71.36 + Math.floor(index / 50) * 0.001];
      vehicles.push({ socket, path, waiting: false, step: 0, latitudeDeg, longitudeDeg });
    }
    const fleet = new Fleet(vehicles);
    for (const vehicle of vehicles) vehicle.socket.on('data', (answer) => fleet.hear(vehicle, answer));
    return fleet;
  }

  drive(): void {
    let slot = 0;
    const slots = SECOND_MS / SLOT_MS;
    this.timer = systemClock.every(SLOT_MS, () => {
      for (let index = slot; index < this.vehicles.length; index += slots) this.report(this.vehicles[index]!);
      slot = (slot + 1) % slots;
    });
  }

  stop(): void {
    this.timer?.cancel();
    for (const { socket } of this.vehicles) socket.destroy();
  }

  private report(vehicle: Vehicle): void {
    if (vehicle.waiting) {
      this.skipped++;
      return;
    }
    vehicle.waiting = true;
    vehicle.step++;
    // 10 m/s to and fro.
    vehicle.latitudeDeg += vehicle.step % 120 < 60 ? 0.000_09 : -0.000_09;
    const { latitudeDeg, longitudeDeg } = vehicle;
    const query = `id=1&lat=${latitudeDeg.toFixed(6)}&lon=${longitudeDeg.toFixed(6)}&timestamp=${Math.round(systemClock.nowMs())}&speed=19.4&bearing=0&altitude=15&accuracy=4&batt=80`;
    vehicle.socket.write(`POST ${vehicle.path}?${query} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n\r\n`);
  }

  /** An answer has no body to speak of and comes in one piece. */
  private hear(vehicle: Vehicle, answer: Buffer): void {
    if (!vehicle.waiting) return;
    vehicle.waiting = false;
    if (answer.subarray(0, 12).toString('latin1') === 'HTTP/1.1 200') this.taken++;
    else this.refused++;
  }
}

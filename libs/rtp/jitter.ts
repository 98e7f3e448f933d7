/** Interarrival jitter of RFC 3550 §6.4.1 and §A.8, in timestamp units. */
export class Jitter {
  private scaled = 0;
  private transit = 0;
  private hasTransit = false;

  constructor(private readonly clockRate: number) {}

  /** The estimate, rounded as a receiver report carries it. */
  get value(): number {
    return Math.floor(this.scaled / 16);
  }

  update(timestamp: number, arrivedMs: number): void {
    const arrival = Math.round((arrivedMs * this.clockRate) / 1000) % 0x1_0000_0000;
    const transit = (arrival - timestamp) | 0;
    const change = Math.abs((transit - this.transit) | 0);
    this.transit = transit;
    if (this.hasTransit) this.scaled += change - Math.floor((this.scaled + 8) / 16);
    this.hasTransit = true;
  }

  /** After a restart of the source: what is known about its transit is void. */
  restart(): void {
    this.hasTransit = false;
  }
}

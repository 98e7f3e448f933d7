import { describe, expect, it } from '@jest/globals';
import { FakeClock, silentLogger } from '#libs/base';
import { LEASE_RULE } from '#libs/relay';
import type { Renewal } from './lease-store.ts';
import { Leases } from './leases.ts';

const IDS = ['a', 'b', 'c'];

/** A database that answers what it is told to, or nothing. */
class Office {
  readonly clock = new FakeClock();
  readonly log: string[] = [];
  held: readonly string[] = IDS;
  strangers = 0;
  isAway = false;
  othersAreCut = false;
  delayMs = 0;
  readonly stop = new AbortController();
  readonly leases: Leases = new Leases({
    clock: this.clock,
    log: silentLogger,
    readersOf: () => 0,
    areCutOff: () => Promise.resolve(this.othersAreCut),
    onChange: () => this.log.push(IDS.filter((id) => this.leases.holds(id)).join('')),
    store: {
      beat: () => this.answer(true),
      renew: () => this.answer(this.renewal()),
      take: () => this.answer([]),
      release: () => this.answer(undefined),
      leave: () => this.answer(undefined),
    },
  });

  async begin(): Promise<void> {
    void this.leases.run(this.stop.signal);
    await this.clock.advance(50);
  }

  private renewal(): Renewal {
    const { held, strangers } = this;
    const peer = { id: 'other', instance: null, publicUrl: 'http://{host}', address: null };
    const peers = Array.from({ length: strangers }, () => peer);
    return { held, cameras: 3, others: strangers, steadyOthers: 0, strangers, peers };
  }

  private async answer<T>(value: T): Promise<T> {
    if (this.delayMs > 0) await new Promise<void>((resolve) => this.clock.after(this.delayMs, resolve));
    if (this.isAway) throw new Error('the database is away');
    return value;
  }
}

describe('Leases', () => {
  it('has no camera before the database has said so', async () => {
    const office = new Office();
    office.isAway = true;
    await office.begin();
    await office.clock.advance(20_000);
    expect([office.leases.areKnown, office.leases.size, office.log]).toEqual([false, 0, []]);
    office.isAway = false;
    await office.clock.advance(1_100);
    expect([office.leases.areKnown, office.log]).toEqual([true, ['abc']]);
    office.stop.abort();
  });

  it('lets go before its leases run out when it is cut off and another machine may take them', async () => {
    const office = new Office();
    office.strangers = 1;
    await office.begin();
    office.isAway = true;
    await office.clock.advance(LEASE_RULE.fenceMs - 1_100);
    expect(office.leases.size).toBe(3);
    await office.clock.advance(1_200);
    expect(office.log).toEqual(['abc', '']);
    office.isAway = false;
    office.held = ['b'];
    await office.clock.advance(1_100);
    expect(office.log).toEqual(['abc', '', 'b']);
    office.stop.abort();
  });

  it('goes on without its database where nobody else could take the cameras', async () => {
    const office = new Office();
    await office.begin();
    office.isAway = true;
    await office.clock.advance(3_600_000);
    expect(office.log).toEqual(['abc']);
    office.isAway = false;
    office.held = ['a', 'c'];
    await office.clock.advance(1_100);
    expect(office.log).toEqual(['abc', 'ac']);
    office.stop.abort();
  });

  it('goes on while every other relay says that it is cut off too, and lets go when one is back', async () => {
    const office = new Office();
    office.strangers = 2;
    office.othersAreCut = true;
    await office.begin();
    office.isAway = true;
    await office.clock.advance(600_000);
    expect(office.log).toEqual(['abc']);
    office.othersAreCut = false;
    await office.clock.advance(LEASE_RULE.graceMs - 100);
    expect(office.log).toEqual(['abc', '']);
    office.stop.abort();
  });

  it('does not believe an answer that is older than the fence', async () => {
    const office = new Office();
    office.strangers = 1;
    await office.begin();
    office.delayMs = LEASE_RULE.fenceMs;
    await office.clock.advance(3 * LEASE_RULE.fenceMs);
    expect(office.log).toEqual(['abc', '']);
    expect(office.leases.size).toBe(0);
    office.stop.abort();
  });
});

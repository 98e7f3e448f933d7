import { describe, expect, it } from '@jest/globals';
import { FakeClock } from '#libs/base';
import type { TicketsBody, TicketsView } from '#libs/wire';
import { TicketDesk } from './ticket-desk.ts';

const LIFE_MS = 60_000;

class Office {
  readonly clock = new FakeClock();
  readonly asked: TicketsBody['wanted'][] = [];
  failing: string | undefined;
  refusing: string | undefined;
  refusingWith = 'camera-not-found';
  readonly desk = new TicketDesk(
    this.clock,
    () => this.clock.nowMs(),
    (body) => this.answer(body),
    (error) => (error as Error).message,
  );

  private answer(body: TicketsBody): Promise<TicketsView> {
    this.asked.push(body.wanted);
    if (this.failing) return Promise.reject(new Error(this.failing));
    const number = this.asked.length;
    const [granted, refused] = [
      body.wanted.filter(({ cameraId }) => cameraId !== this.refusing),
      body.wanted.filter(({ cameraId }) => cameraId === this.refusing),
    ];
    return Promise.resolve({
      expiresAtMs: this.clock.nowMs() + LIFE_MS,
      tickets: granted.map((wanted) => ({
        ...wanted,
        ticket: `t${number}`,
        playlistUrl: `http://relay/${wanted.cameraId}?ticket=t${number}`,
        tilesUrl: 'ws://relay/tiles',
        snapshotUrl: `http://relay/snapshot/${wanted.cameraId}?ticket=t${number}`,
      })),
      refused: refused.map((wanted) => ({ ...wanted, code: this.refusingWith })),
    });
  }
}

const nothing = (): void => undefined;

describe('ticket desk', () => {
  it('asks once for all tiles that mount together', async () => {
    const office = new Office();
    const tiles = Array.from({ length: 12 }, (_, index) =>
      office.desk.hold(`camera-${index}`, { stream: 'sub' }, nothing),
    );
    await office.clock.advance(50);
    expect(office.asked).toHaveLength(1);
    expect(office.asked[0]).toHaveLength(12);
    expect(tiles.map((tile) => tile.leave().kind)).toEqual(Array.from({ length: 12 }, () => 'granted'));
  });

  it('keeps within the cap of one request', async () => {
    const office = new Office();
    for (let index = 0; index < 130; index++) office.desk.hold(`camera-${index}`, { stream: 'sub' }, nothing);
    await office.clock.advance(50);
    expect(office.asked.map((wanted) => wanted.length)).toEqual([64, 64, 2]);
  });

  it('renews well before expiry and tells the holder', async () => {
    const office = new Office();
    let told = 0;
    const tile = office.desk.hold('camera', { stream: 'sub' }, () => told++);
    await office.clock.advance(LIFE_MS * 0.6);
    expect(office.asked).toHaveLength(2);
    expect(tile.leave()).toMatchObject({ kind: 'granted', ticket: 't2' });
    expect(told).toBe(2);
  });

  it('keeps a granted ticket through a failed renewal and tries again soon', async () => {
    const office = new Office();
    const tile = office.desk.hold('camera', { stream: 'sub' }, nothing);
    await office.clock.advance(50);
    office.failing = 'no-connection';
    await office.clock.advance(LIFE_MS * 0.6);
    expect(tile.leave()).toMatchObject({ kind: 'granted', ticket: 't1' });
    office.failing = undefined;
    await office.clock.advance(9_000);
    expect(tile.leave()).toMatchObject({ kind: 'granted' });
    expect(tile.leave()).not.toMatchObject({ ticket: 't1' });
  });

  it('says why a first request failed, and heals', async () => {
    const office = new Office();
    office.failing = 'no-connection';
    const tile = office.desk.hold('camera', { stream: 'sub' }, nothing);
    await office.clock.advance(50);
    expect(tile.leave()).toEqual({ kind: 'refused', code: 'no-connection' });
    office.failing = undefined;
    await office.clock.advance(1_100);
    expect(tile.leave().kind).toBe('granted');
  });

  it('passes on a refusal of one camera without touching the others', async () => {
    const office = new Office();
    office.refusing = 'b';
    const [a, b] = [
      office.desk.hold('a', { stream: 'sub' }, nothing),
      office.desk.hold('b', { stream: 'sub' }, nothing),
    ];
    await office.clock.advance(50);
    expect([a.leave().kind, b.leave()]).toEqual(['granted', { kind: 'refused', code: 'camera-not-found' }]);
  });

  it('holds a stream as it is and converted apart', async () => {
    const office = new Office();
    const own = office.desk.hold('a', { stream: 'sub' }, nothing);
    const wish = { stream: 'sub', as: 'h264', insteadOf: null } as const;
    const converted = office.desk.hold('a', wish, nothing);
    await office.clock.advance(50);
    expect(office.asked).toEqual([
      [
        { cameraId: 'a', stream: 'sub' },
        { cameraId: 'a', stream: 'sub', as: 'h264' },
      ],
    ]);
    expect([own.leave().kind, converted.leave().kind]).toEqual(['granted', 'granted']);
  });

  it('stops asking when nobody holds', async () => {
    const office = new Office();
    office.desk.hold('camera', { stream: 'sub' }, nothing).release();
    await office.clock.advance(LIFE_MS * 4);
    expect(office.asked).toHaveLength(0);
  });

  it('asks again soon for a camera that goes from one relay to another, and not for one that is not there', async () => {
    const office = new Office();
    office.refusing = 'moving';
    office.refusingWith = 'relay-silent';
    const { leave } = office.desk.hold('moving', 'sub', nothing);
    await office.clock.advance(2_100);
    expect([leave().kind, office.asked.length]).toEqual(['refused', 2]);
    office.refusing = undefined;
    await office.clock.advance(2_000);
    expect([leave().kind, office.asked.length]).toEqual(['granted', 3]);
    office.refusing = 'moving';
    office.refusingWith = 'camera-not-found';
    office.desk.renewSoon();
    await office.clock.advance(10_000);
    expect([leave().kind, office.asked.length]).toEqual(['refused', 4]);
  });

  it('asks once a second at most, however many tiles lost their relay', async () => {
    const office = new Office();
    office.desk.hold('camera-1', 'sub', nothing);
    await office.clock.advance(50);
    for (let turn = 0; turn < 40; turn++) {
      office.desk.renewSoon();
      office.desk.renewSoon();
      await office.clock.advance(100);
    }
    expect(office.asked.length).toBeGreaterThan(3);
    expect(office.asked.length).toBeLessThanOrEqual(5);
  });
});

import { describe, expect, it } from '@jest/globals';
import { FakeClock, silentLogger } from '#libs/base';
import type { TopicChange, ZoneView } from '#libs/wire';
import { RealtimeService } from './realtime.service.ts';

const zone = (id: string, name = id): ZoneView => ({
  id,
  name,
  riskLevel: 'low',
  ring: [],
  notes: '',
  demonstration: false,
});

function makeService(): { service: RealtimeService; heard: TopicChange[]; clock: FakeClock } {
  const clock = new FakeClock();
  const service = new RealtimeService(clock, silentLogger);
  const heard: TopicChange[] = [];
  service.listen((change) => heard.push(change));
  return { service, heard, clock };
}

describe('RealtimeService', () => {
  it('numbers the changes of each topic by itself', () => {
    const { service, heard } = makeService();
    service.changed('zones', zone('a'));
    service.removed('cameras', 'c');
    service.removed('zones', 'a');
    expect(heard.map((change) => [change.topic, change.kind, change.seq])).toEqual([
      ['zones', 'changed', 1],
      ['cameras', 'removed', 1],
      ['zones', 'removed', 2],
    ]);
  });

  it('numbers a snapshot by what was published before its load began', async () => {
    const { service } = makeService();
    let finish: (items: ZoneView[]) => void = () => {};
    service.register('zones', () => new Promise((resolve) => (finish = resolve)));
    service.changed('zones', zone('a'));
    const snapshot = service.snapshot('zones');
    service.changed('zones', zone('b'));
    finish([zone('a')]);
    expect(await snapshot).toMatchObject({ seq: 1, items: [{ id: 'a' }], epoch: service.epoch });
    expect(service.seqOf('zones')).toBe(2);
  });

  it('shares one load among those who ask at the same number within a moment, and no longer', async () => {
    const { service, clock } = makeService();
    let loads = 0;
    service.register('zones', () => Promise.resolve([zone(String(++loads))]));
    await Promise.all([service.snapshot('zones'), service.snapshot('zones')]);
    clock.advance(499);
    await service.snapshot('zones');
    expect(loads).toBe(1);
    clock.advance(1);
    const before = service.snapshot('zones');
    service.changed('zones', zone('x'));
    const after = service.snapshot('zones');
    expect((await before).items).not.toEqual((await after).items);
    expect(loads).toBe(3);
  });

  it('loads again after a load that failed', async () => {
    const { service } = makeService();
    let loads = 0;
    service.register('zones', () => (++loads === 1 ? Promise.reject(new Error('no')) : Promise.resolve([])));
    await expect(service.snapshot('zones')).rejects.toThrow('no');
    expect((await service.snapshot('zones')).items).toEqual([]);
  });

  it('gives a topic one owner', () => {
    const { service } = makeService();
    service.register('zones', () => Promise.resolve([]));
    expect(() => service.register('zones', () => Promise.resolve([]))).toThrow('zones has an owner already');
  });

  it('keeps telling the others when one listener fails', () => {
    const { service } = makeService();
    const heard: number[] = [];
    service.listen(() => {
      throw new Error('bug');
    });
    service.listen((change) => heard.push(change.seq));
    service.removed('zones', 'a');
    expect(heard).toEqual([1]);
  });
});

describe('refresh', () => {
  it('publishes the newest state last, however the reads of concurrent changes fall', async () => {
    const { service, heard } = makeService();
    let stored = 'first';
    const reads: (() => void)[] = [];
    const read = (): Promise<ZoneView> =>
      new Promise((resolve) => {
        const seen = stored;
        reads.push(() => resolve(zone('z', seen)));
      });
    const first = service.refresh('zones', 'z', read);
    stored = 'second';
    const second = service.refresh('zones', 'z', read);
    stored = 'third';
    const third = service.refresh('zones', 'z', read);
    for (let turn = 0; turn < 5; turn++) {
      reads.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all([first, second, third]);
    expect(heard.map((change) => change.kind === 'changed' && 'name' in change.item && change.item.name)).toEqual([
      'first',
      'third',
    ]);
  });

  it('publishes the removal of what is not there any more', async () => {
    const { service, heard } = makeService();
    await service.refresh('zones', 'z', () => Promise.resolve(undefined));
    expect(heard).toMatchObject([{ kind: 'removed', id: 'z', seq: 1 }]);
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Snapshot, TopicChange, ZoneView } from '#libs/wire';
import { TopicStore } from './topic-store.ts';

type ZoneChange = Extract<TopicChange, { topic: 'zones' }>;

const zone = (id: string, name = id): ZoneView => ({
  id,
  name,
  riskLevel: 'high',
  ring: [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 0],
  ],
  notes: '',
  demonstration: false,
});
const snapshot = (seq: number, items: ZoneView[], epoch = 'e1'): Snapshot<'zones'> => ({
  topic: 'zones',
  epoch,
  seq,
  items,
  serverNowMs: 5,
});
const changed = (seq: number, item: ZoneView, epoch = 'e1'): ZoneChange => ({
  topic: 'zones',
  epoch,
  seq,
  kind: 'changed',
  item,
});
const removed = (seq: number, id: string): ZoneChange => ({ topic: 'zones', epoch: 'e1', seq, kind: 'removed', id });

function namesOf(store: TopicStore<'zones'>): string[] {
  const state = store.getState();
  return state.kind === 'ready' ? state.items.map((item) => item.name) : [];
}

describe('topic store', () => {
  it('applies consecutive changes and tells its listeners', () => {
    const store = new TopicStore('zones');
    let told = 0;
    store.subscribe(() => told++);
    store.takeSnapshot(snapshot(4, [zone('a'), zone('b')]));
    expect(store.takeChange(changed(5, zone('a', 'A')))).toBe('applied');
    expect(store.takeChange(removed(6, 'b'))).toBe('applied');
    expect(namesOf(store)).toEqual(['A']);
    expect(told).toBe(3);
  });

  it('says when a change is missing and keeps what it showed', () => {
    const store = new TopicStore('zones');
    store.takeSnapshot(snapshot(4, [zone('a')]));
    expect(store.takeChange(changed(6, zone('c')))).toBe('gap');
    expect(namesOf(store)).toEqual(['a']);
  });

  it('ignores repeats and notices a restarted api', () => {
    const store = new TopicStore('zones');
    store.takeSnapshot(snapshot(4, [zone('a')]));
    expect(store.takeChange(changed(4, zone('a', 'older')))).toBe('old');
    expect(store.takeChange(changed(5, zone('x'), 'e2'))).toBe('other-epoch');
    expect(namesOf(store)).toEqual(['a']);
  });

  it('holds changes that overtake their snapshot', () => {
    const store = new TopicStore('zones');
    expect(store.takeChange(changed(3, zone('a', 'stale')))).toBe('held');
    expect(store.takeChange(changed(4, zone('a', 'new')))).toBe('held');
    expect(store.takeSnapshot(snapshot(3, [zone('a', 'stale')]))).toBe('applied');
    expect(namesOf(store)).toEqual(['new']);
  });

  it('bounds what it holds', () => {
    const store = new TopicStore('zones');
    const verdicts = Array.from({ length: 600 }, (_, index) => store.takeChange(changed(index + 1, zone('a'))));
    expect(verdicts.filter((verdict) => verdict === 'held')).toHaveLength(512);
    expect(verdicts.at(-1)).toBe('gap');
  });

  it('never shows items that no in-order prefix of the changes could give', () => {
    const script = fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: -1, max: 2 })), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(script, (steps) => {
        const store = new TopicStore('zones');
        store.takeSnapshot(snapshot(0, []));
        const model = new Map<string, string>();
        let seq = 0;
        for (const [id, jump] of steps) {
          const at = seq + 1 + jump;
          const verdict = store.takeChange(changed(at, zone(String(id), `${id}@${at}`)));
          expect(verdict).toBe(jump === 0 ? 'applied' : jump < 0 ? 'old' : 'gap');
          if (verdict === 'applied') {
            seq = at;
            model.set(String(id), `${id}@${at}`);
          }
        }
        expect(namesOf(store)).toEqual([...model.values()]);
      }),
    );
  });
});

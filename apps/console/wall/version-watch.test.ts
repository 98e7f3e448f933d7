import { describe, expect, it } from '@jest/globals';
import { PATIENCE_MS, QUIET_MS, mayReload } from './version-watch.ts';

describe('reload of a wall', () => {
  const facts = { newerSinceMs: 1_000, lastChangeMs: 5_000, online: true };

  it('waits for a quiet moment', () => {
    expect(mayReload(facts, 5_000 + QUIET_MS - 1)).toBe(false);
    expect(mayReload(facts, 5_000 + QUIET_MS)).toBe(true);
  });

  it('does not wait for ever', () => {
    const nowMs = 1_000 + PATIENCE_MS;
    expect(mayReload({ ...facts, lastChangeMs: nowMs - 1 }, nowMs)).toBe(true);
  });

  it('never reloads without news or without the line', () => {
    expect(mayReload({ ...facts, newerSinceMs: null }, 1e9)).toBe(false);
    expect(mayReload({ ...facts, online: false }, 1e9)).toBe(false);
  });
});

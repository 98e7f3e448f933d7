import { describe, expect, it } from '@jest/globals';
import type { CameraState } from '#libs/wire';
import { matches } from './camera-filter.ts';

const camera = (state: CameraState = 'online') => ({
  code: 'C-05',
  name: 'Óvalo Pampa Inalámbrica',
  manufacturer: 'Halcón',
  model: 'H2',
  health: { state },
});

describe('search of cameras', () => {
  it('finds by every word, whatever the accents and case', () => {
    expect(matches(camera(), 'ovalo INALAMBRICA', 'all')).toBe(true);
    expect(matches(camera(), 'c-05 halcon', 'all')).toBe(true);
    expect(matches(camera(), 'óvalo puerto', 'all')).toBe(false);
    expect(matches(camera(), '', 'all')).toBe(true);
  });

  it('separates those that give a picture from those that do not', () => {
    const states: CameraState[] = ['online', 'degraded', 'connecting', 'offline', 'standby'];
    expect(states.filter((state) => matches(camera(state), '', 'up'))).toEqual(['online', 'degraded', 'standby']);
    expect(states.filter((state) => matches(camera(state), '', 'away'))).toEqual(['connecting', 'offline']);
  });
});

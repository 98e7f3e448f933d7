import { describe, expect, it } from '@jest/globals';
import type { CameraState, CameraView, RiskLevel, ZoneCoverageView, ZoneView } from '#libs/wire';
import { cardsOf } from './cards.ts';

const camera = (code: string, state: CameraState, sinceMs = 0) =>
  ({ id: code, code, health: { state, sinceMs } }) as CameraView;
const zone = (id: string, riskLevel: RiskLevel) => ({ id, name: id, riskLevel }) as ZoneView;
const seen = (zoneId: string, coveredShare: number) => ({ zoneId, coveredShare }) as ZoneCoverageView;

describe('cards of the wall', () => {
  it('puts troubled cameras first, worst and oldest before others, then the least seen zones', () => {
    const cards = cardsOf(
      [camera('a', 'online'), camera('b', 'degraded'), camera('c', 'offline', 50), camera('d', 'offline', 10)],
      [zone('low', 'low'), zone('seen', 'high'), zone('blind', 'high')],
      [seen('seen', 0.9), seen('blind', 0.1)],
      5,
    );
    expect(cards.map(({ key }) => key)).toEqual(['d', 'c', 'b', 'blind', 'seen']);
  });

  it('fills with zones when all is well', () => {
    const zones = ['1', '2', '3', '4', '5', '6'].map((id) => zone(id, 'medium'));
    const cards = cardsOf([camera('a', 'online'), camera('b', 'standby')], zones, [], 5);
    expect(cards.map(({ kind }) => kind)).toEqual(Array.from({ length: 5 }, () => 'zone'));
  });

  it('sums up what does not fit and keeps two places for zones', () => {
    const cameras = Array.from({ length: 9 }, (_, index) => camera(`c${index}`, 'offline', index));
    const cards = cardsOf(cameras, [zone('x', 'high'), zone('y', 'high'), zone('z', 'high')], [], 5);
    expect(cards.map(({ kind }) => kind)).toEqual(['camera', 'camera', 'more', 'zone', 'zone']);
    const more = cards[2];
    expect(more?.kind === 'more' && more.cameras.length).toBe(7);
  });
});

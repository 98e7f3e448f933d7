import { describe, expect, it } from '@jest/globals';
import { ok } from '#libs/base';
import type { CameraConfig, CameraSource } from './camera-source.ts';
import { LeasedCameraSource } from './leased-camera-source.ts';

const camera = (id: string, isPushed: boolean): CameraConfig => ({
  id,
  code: id,
  host: '10.0.0.1',
  credential: ok(undefined),
  streams: [],
  warm: true,
  transport: 'tcp',
  withAudio: false,
  clockErrorMs: undefined,
  ...(isPushed && { push: { streamName: 'abcd2345', keyHash: undefined } }),
});
const ALL: CameraSource = {
  run: (tell) => {
    tell([camera('held', false), camera('free', false), camera('body', true)]);
    return Promise.resolve();
  },
};

async function toldOf(takesPushed: boolean, areKnown = true): Promise<string[][]> {
  const told: string[][] = [];
  const leases = { run: () => Promise.resolve(), nudge: () => {}, holds: (id: string) => id === 'held', areKnown };
  const source = new LeasedCameraSource(ALL, leases, takesPushed);
  await source.run((cameras) => told.push(cameras.map(({ id }) => id)), new AbortController().signal);
  return told;
}

describe('the cameras of one relay', () => {
  it('are those that it holds, and those that push where it takes publishers in', async () => {
    expect(await toldOf(true)).toEqual([['held', 'body']]);
    expect(await toldOf(false)).toEqual([['held']]);
  });

  it('are not told before the leases are known', async () => {
    expect(await toldOf(true, false)).toEqual([]);
  });
});

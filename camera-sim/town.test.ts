import { statSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { clipNameOf } from './clip/choice.ts';
import { ClipLibrary, clipsDirectory } from './clip/library.ts';
import { SimCamera } from './model.ts';
import { snapshotOf } from './snapshot.ts';
import { LOOP_MS, TOWN, townOf } from './town.ts';

const MAX_CLIP_BYTES = 12 * 1024 * 1024;

describe('the town', () => {
  it('has cameras that cannot be mistaken for each other', () => {
    for (const key of ['id', 'name', 'host', 'password', 'serialNumber', 'macAddress', 'endpointReference'] as const) {
      expect(new Set(TOWN.map((spec) => spec[key])).size).toBe(12);
    }
    expect(TOWN.map(({ host }) => host)).toEqual(Array.from({ length: 12 }, (_, at) => `127.0.1.${at + 1}`));
    expect(new Set(TOWN.map(({ vendor }) => vendor)).size).toBe(4);
    expect(TOWN.filter(({ main, sub }) => main.codec === 'h265' && sub.codec === 'h264')).toHaveLength(2);
  });

  it('has for every camera and preset a clip that is what the profile says', () => {
    const clips = new ClipLibrary();
    for (const spec of TOWN) {
      const camera = new SimCamera(spec);
      for (const preset of spec.presets.length > 0 ? spec.presets.map(({ token }) => token) : [undefined]) {
        camera.moveTo({ ...camera.position, preset });
        for (const role of ['main', 'sub'] as const) {
          const clip = clips.load(clipNameOf(camera, role));
          const { codec, widthPx, heightPx, framesPerSecond, gopFrames } = spec[role];
          expect(clip).toMatchObject({ codec, widthPx, heightPx, framesPerSecond, gopFrames });
          expect(clip.frames).toBe((LOOP_MS / 1_000) * framesPerSecond);
        }
        expect(snapshotOf(camera).subarray(0, 3).toString('hex')).toBe('ffd8ff');
      }
    }
  });

  it('has a clip of another size for each codec, for the SPS fault', () => {
    const clips = new ClipLibrary();
    for (const spec of TOWN) {
      const camera = new SimCamera(spec);
      camera.setFaults({ spsChanged: true });
      const clip = clips.load(clipNameOf(camera, 'main'));
      expect(clip.codec).toBe(spec.main.codec);
      expect(clip.widthPx).not.toBe(spec.main.widthPx);
      expect(clip.parameterSets[0]!.equals(clips.load(clipNameOf(new SimCamera(spec), 'main')).parameterSets[0]!)).toBe(
        false,
      );
    }
  });

  it('fits the repository', () => {
    const directory = clipsDirectory();
    const bytes = readdirSync(directory).reduce((sum, file) => sum + statSync(join(directory, file)).size, 0);
    expect(bytes).toBeLessThanOrEqual(MAX_CLIP_BYTES);
  });

  it('makes as many alike cameras as a benchmark asks for, at addresses of their own', () => {
    const many = townOf(600);
    expect(new Set(many.map(({ host }) => host)).size).toBe(600);
    expect(many[0]!.host).toBe('127.0.2.1');
    expect(many.every(({ host }) => /^127\.0\.\d+\.([1-9]\d?|1\d\d|2[0-4]\d|250)$/.test(host))).toBe(true);
    expect(() => townOf(0)).toThrow(RangeError);
    expect(() => townOf(2_001)).toThrow(RangeError);
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stillNameOf } from './clip/choice.ts';
import { clipsDirectory } from './clip/library.ts';
import type { SimCamera } from './model.ts';

/**
 * The JPEG (640x360, some 20 kB) that the snapshot URI answers: a still of what the camera shows now, so it follows the
 * preset of a PTZ head. Read from disk on each call; nothing is cached because a snapshot is rare and the file small.
 */
export function snapshotOf(camera: SimCamera): Buffer {
  return readFileSync(join(clipsDirectory(), `${stillNameOf(camera)}.jpg`));
}

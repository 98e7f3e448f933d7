import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { nalRoleOf, nalTypeOf, splitAnnexB } from './annexb.ts';
import { parseAdts, type AudioClip } from './adts.ts';
import type { AccessUnit, Clip, ClipFacts } from './clip.ts';

const clipFacts = z.object({
  codec: z.enum(['h264', 'h265']),
  widthPx: z.number().int().min(16).max(8192),
  heightPx: z.number().int().min(16).max(8192),
  framesPerSecond: z.number().min(1).max(120),
  frames: z.number().int().min(1).max(10_000),
  gopFrames: z.number().int().min(1).max(10_000),
  order: z.array(z.number().int().min(0)).optional(),
});
const clipIndex = z.record(z.string(), clipFacts);

/** The folder `camera-sim/clips` of this source tree, found from the compiled as well as from the source file. */
export function clipsDirectory(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('no package.json above the simulator: its clips cannot be found');
    folder = parent;
  }
  return join(folder, 'camera-sim', 'clips');
}

/** Reads each clip once, however many cameras show it. */
export class ClipLibrary {
  private readonly index: Readonly<Record<string, ClipFacts>>;
  private readonly loaded = new Map<string, Clip>();
  private readonly loadedAudio = new Map<string, AudioClip>();

  constructor(private readonly directory = clipsDirectory()) {
    this.index = clipIndex.parse(JSON.parse(readFileSync(join(directory, 'index.json'), 'utf8')));
  }

  /** Throws when there is no such sound: the tree is damaged. */
  loadAudio(name: string): AudioClip {
    const known = this.loadedAudio.get(name);
    if (known) return known;
    const clip = parseAdts(name, readFileSync(join(this.directory, `${name}.aac`)));
    this.loadedAudio.set(name, clip);
    return clip;
  }

  get names(): readonly string[] {
    return Object.keys(this.index);
  }

  has(name: string): boolean {
    return Object.hasOwn(this.index, name);
  }

  /** Throws when there is no such clip or when its file is not what the index says: the tree is damaged. */
  load(name: string): Clip {
    const known = this.loaded.get(name);
    if (known) return known;
    const facts = this.has(name) ? this.index[name] : undefined;
    if (!facts) throw new Error(`no clip ${name} in ${this.directory}`);
    const clip = parseClip(name, facts, readFileSync(join(this.directory, clipFileName(name, facts))));
    this.loaded.set(name, clip);
    return clip;
  }
}

export function clipFileName(name: string, facts: Pick<ClipFacts, 'codec'>): string {
  return `${name}.${facts.codec === 'h264' ? '264' : '265'}`;
}

export function parseClip(name: string, facts: ClipFacts, stream: Buffer): Clip {
  const units = accessUnitsOf(facts, splitAnnexB(stream));
  if (units.length !== facts.frames) {
    throw new Error(`clip ${name} holds ${units.length} pictures, its index says ${facts.frames}`);
  }
  if (facts.frames % facts.gopFrames !== 0) throw new Error(`clip ${name} does not hold whole GOPs`);
  units.forEach((unit, position) => {
    if (unit.isKey !== (position % facts.gopFrames === 0)) {
      throw new Error(`clip ${name}: picture ${position} does not fit a GOP of ${facts.gopFrames}`);
    }
  });
  const reorderFrames = Math.max(...units.map((unit, position) => unit.displayIndex - position));
  return { ...facts, name, accessUnits: units, parameterSets: parameterSetsOf(facts, units), reorderFrames };
}

function accessUnitsOf(facts: ClipFacts, nalUnits: readonly Buffer[]): AccessUnit[] {
  const units: { nalUnits: Buffer[]; isKey: boolean; displayIndex: number }[] = [];
  for (const nalUnit of nalUnits) {
    const role = nalRoleOf(facts.codec, nalUnit);
    if (role === 'delimiter') {
      units.push({ nalUnits: [], isKey: false, displayIndex: facts.order?.[units.length] ?? units.length });
    }
    const unit = units.at(-1);
    if (!unit || role === 'delimiter' || role === 'other') continue;
    unit.nalUnits.push(nalUnit);
    if (role === 'key-slice') unit.isKey = true;
  }
  return units;
}

/** First of each type, in the order of the stream, which is the order a decoder needs. */
function parameterSetsOf(facts: ClipFacts, units: readonly AccessUnit[]): Buffer[] {
  const byType = new Map<number, Buffer>();
  for (const nalUnit of units[0]?.nalUnits ?? []) {
    const type = nalTypeOf(facts.codec, nalUnit);
    if (nalRoleOf(facts.codec, nalUnit) === 'parameter-set' && !byType.has(type)) byType.set(type, nalUnit);
  }
  return [...byType.values()];
}

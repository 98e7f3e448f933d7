import type { AudioClip } from '../clip/adts.ts';
import type { ClipLibrary } from '../clip/library.ts';
import { prepareClip, type PreparedClip } from './prepare.ts';

/** Packets of each clip, made at its first use and shared by all cameras and readers. */
export class PreparedLibrary {
  private readonly prepared = new Map<string, PreparedClip>();

  constructor(private readonly clips: ClipLibrary) {}

  audio(name: string): AudioClip {
    return this.clips.loadAudio(name);
  }

  get(name: string, aggregate: boolean): PreparedClip {
    const key = `${name} ${aggregate}`;
    const known = this.prepared.get(key);
    if (known) return known;
    const made = prepareClip(this.clips.load(name), aggregate);
    this.prepared.set(key, made);
    return made;
  }
}

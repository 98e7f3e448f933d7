import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Assembly, type TrackFormat } from '#libs/codec';
import { FlvVideo } from '../flv-video.ts';

/** One video tag as a publisher sends it. */
export interface Tag {
  readonly body: Buffer;
  readonly timestampMs: number;
}

export interface Golden {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Decoder configuration record, hexadecimal. */
  readonly record: string;
  readonly packets: readonly {
    readonly dtsMs: number;
    readonly ptsMs: number;
    readonly isKey: boolean;
    readonly bytes: number;
    readonly md5: string;
    readonly at: number;
  }[];
}

export function readGolden(name: string): Golden {
  return JSON.parse(readFileSync(join(import.meta.dirname, `${name}.json`), 'utf8')) as Golden;
}

/** Video tags of an FLV file (FLV 10.1 §E.2 to §E.4). */
export function videoTagsOf(name: string): Tag[] {
  const file = readFileSync(join(import.meta.dirname, name));
  const tags: Tag[] = [];
  for (let at = file.readUInt32BE(5) + 4; at + 11 <= file.length;) {
    const bytes = file.readUIntBE(at + 1, 3);
    const timestampMs = file.readUIntBE(at + 4, 3) + file[at + 7]! * 0x100_0000;
    if (file[at] === 9) tags.push({ body: file.subarray(at + 11, at + 11 + bytes), timestampMs });
    at += 11 + bytes + 4;
  }
  return tags;
}

/** A file's samples behind enhanced headers (`hvc1`), as Enhanced RTMP v2 draws them. */
export function enhancedTagsOf(name: string, { record, packets }: Golden): Tag[] {
  const file = readFileSync(join(import.meta.dirname, name));
  const start = Buffer.concat([Buffer.from([0x90]), Buffer.from('hvc1'), Buffer.from(record, 'hex')]);
  const pictures = packets.map(({ dtsMs, ptsMs, isKey, bytes, at }) => {
    const head = Buffer.alloc(8);
    head[0] = 0x80 | ((isKey ? 1 : 2) << 4) | 1;
    head.write('hvc1', 1, 'latin1');
    head.writeIntBE(ptsMs - dtsMs, 5, 3);
    return { body: Buffer.concat([head, file.subarray(at, at + bytes)]), timestampMs: dtsMs + 200 };
  });
  return [{ body: start, timestampMs: 0 }, ...pictures];
}

export interface Unit {
  readonly pts90k: number;
  readonly isKey: boolean;
  readonly bytes: number;
  readonly md5: string;
}

/** Keeps what a {@link FlvVideo} tells. */
export class Recorder {
  readonly units: Unit[] = [];
  readonly formats: TrackFormat[] = [];
  readonly refusals: string[] = [];
  readonly assembly = new Assembly(64, 1024 * 1024);
  readonly video = new FlvVideo({
    assembly: this.assembly,
    onFormat: (format) => this.formats.push(format),
    onAccessUnit: ({ pts90k, isKey, bytes }) => {
      const { buffer, unitStart } = this.assembly;
      const md5 = createHash('md5').update(buffer.subarray(unitStart - bytes, unitStart)).digest('hex');
      this.units.push({ pts90k, isKey, bytes, md5 });
      this.assembly.rewind();
    },
    onRefusal: ({ code }) => this.refusals.push(code),
  });

  take(tags: readonly Tag[], fromMs = 0): this {
    for (const { body, timestampMs } of tags) this.video.tag(body, timestampMs, fromMs + timestampMs);
    return this;
  }
}

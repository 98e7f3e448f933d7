import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface FlvTag {
  readonly body: Buffer;
  readonly timestampMs: number;
}

/** What ffmpeg publishes: 30 pictures of H.264 with B-frames, as the video tags of a file (FLV 10.1 §E.2 to §E.4). */
export function publishedTags(): FlvTag[] {
  const file = readFileSync(join(process.cwd(), 'libs/flv/testdata/h264-bframes.flv'));
  const tags: FlvTag[] = [];
  for (let at = file.readUInt32BE(5) + 4; at + 11 <= file.length;) {
    const bytes = file.readUIntBE(at + 1, 3);
    if (file[at] === 9)
      tags.push({ body: file.subarray(at + 11, at + 11 + bytes), timestampMs: file.readUIntBE(at + 4, 3) });
    at += 11 + bytes + 4;
  }
  return tags;
}

import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { ok } from '#libs/base';
import { publishKeyHash } from '#libs/secret';
import { RTSP_TRANSPORTS, STREAM_ROLES } from '#libs/wire';
import type { CameraConfig, CameraSource } from './camera-source.ts';

const MAX_CAMERAS = 10_000;

const cameraFile = z.object({
  cameras: z
    .array(
      z.object({
        id: z.uuid(),
        code: z.string().min(1).max(32).optional(),
        host: z.string().min(1).max(253),
        username: z.string().max(64).optional(),
        password: z.string().max(128).optional(),
        warm: z.boolean().default(true),
        transport: z.enum(RTSP_TRANSPORTS).default('tcp'),
        audio: z.boolean().default(false),
        clockErrorMs: z.number().optional(),
        clockUncertaintyMs: z.number().nonnegative().optional(),
        push: z.object({ streamName: z.string().length(8), key: z.string().length(32) }).optional(),
        streams: z
          .array(
            z.object({
              role: z.enum(STREAM_ROLES),
              uri: z.string(),
              framesPerSecond: z.number().positive().optional(),
            }),
          )
          .min(1)
          .max(STREAM_ROLES.length),
      }),
    )
    .max(MAX_CAMERAS),
});

/** A fixed list out of a JSON file, read once. For benchmarks: its logins are not sealed. */
export class FileCameraSource implements CameraSource {
  constructor(private readonly path: string) {}

  async run(tell: (cameras: readonly CameraConfig[]) => void): Promise<void> {
    const { cameras } = cameraFile.parse(JSON.parse(await readFile(this.path, 'utf8')));
    tell(cameras.map(configOf));
  }
}

function configOf(entry: z.infer<typeof cameraFile>['cameras'][number]): CameraConfig {
  const { username, password } = entry;
  return {
    id: entry.id,
    code: entry.code ?? entry.id,
    host: entry.host,
    warm: entry.warm,
    transport: entry.transport,
    withAudio: entry.audio,
    clockErrorMs: entry.clockErrorMs,
    clockUncertaintyMs: entry.clockUncertaintyMs,
    credential: ok(username === undefined ? undefined : { username, password: password ?? '' }),
    push: entry.push && { streamName: entry.push.streamName, keyHash: publishKeyHash(entry.push.key) },
    streams: entry.streams.map((stream) => ({
      role: stream.role,
      uri: stream.uri,
      framesPerSecond: stream.framesPerSecond,
    })),
  };
}

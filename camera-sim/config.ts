import { z } from 'zod';
import { MAX_BENCH_CAMERAS } from './town.ts';

const environment = z.object({
  /** Port of the control interface, on 127.0.0.1 only. */
  ATALAYA_SIM_PORT: z.coerce.number().int().min(0).max(65_535).default(8090),
  /** For benchmarks: this many alike cameras from 127.0.2.1 onwards instead of the town. */
  ATALAYA_SIM_CAMERAS: z.coerce.number().int().min(1).max(MAX_BENCH_CAMERAS).optional(),
});

export interface SimConfig {
  readonly controlPort: number;
  readonly benchCameras: number | undefined;
}

/** Throws with the name of each setting that is wrong. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): SimConfig {
  const parsed = environment.parse(env);
  return { controlPort: parsed.ATALAYA_SIM_PORT, benchCameras: parsed.ATALAYA_SIM_CAMERAS };
}

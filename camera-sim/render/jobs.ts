import { clipNameOf, RECONFIGURED_CLIP, stillNameOf, type ProfileRole } from '../clip/choice.ts';
import { SimCamera, type SimCameraSpec, type SimCodec } from '../model.ts';
import { LOOP_MS, TOWN, townOf } from '../town.ts';
import type { PaintJob } from './painter.ts';

/** One clip to make: what to draw and how to compress it. */
export interface ClipJob {
  readonly clip: string;
  readonly codec: SimCodec;
  readonly gopFrames: number;
  readonly bFrames: number;
  /** Constant quality, or a constant rate for benchmarks. */
  readonly rate: { readonly crf: number } | { readonly kbps: number };
  /** Name of the JPEG to make of the first frame. */
  readonly still?: string;
  readonly paint: PaintJob;
}

const CRF: Readonly<Record<SimCodec, Readonly<Record<ProfileRole, number>>>> = {
  h264: { main: 31, sub: 32 },
  h265: { main: 33, sub: 33 },
};
const GRAIN = 0.03;
/** The one camera whose encoder uses B-frames. */
const B_FRAME_CAMERA = 'sim-10';
const BENCH_LOOP_MS = 4_000;
const BENCH_STAMP = 30;
const RECONFIGURED_STAMP = 31;

/** All clips of the town, of its PTZ presets, of the SPS fault and of the benchmark. */
export function allJobs(): ClipJob[] {
  return [...TOWN.flatMap((spec, position) => jobsOf(spec, position)), ...reconfiguredJobs(), ...benchJobs()];
}

/** Stamps: cameras 1..12 at home, then 13 onwards for the other presets in their order. */
function jobsOf(spec: SimCameraSpec, position: number): ClipJob[] {
  const tokens = spec.presets.length === 0 ? [''] : spec.presets.map(({ token }) => token);
  const othersBefore = TOWN.slice(0, position).reduce((sum, { presets }) => sum + Math.max(0, presets.length - 1), 0);
  return tokens.flatMap((token, preset) => {
    const stampScene = preset === 0 ? position + 1 : TOWN.length + othersBefore + preset;
    return (['main', 'sub'] as const).map((role) => townJob(spec, token, role, stampScene));
  });
}

function townJob(spec: SimCameraSpec, token: string, role: ProfileRole, stampScene: number): ClipJob {
  const camera = new SimCamera(spec);
  if (token !== '') camera.moveTo({ ...camera.position, preset: token });
  const profile = spec[role];
  return {
    clip: clipNameOf(camera, role),
    codec: profile.codec,
    gopFrames: profile.gopFrames,
    bFrames: role === 'main' && spec.id === B_FRAME_CAMERA ? 2 : 0,
    rate: { crf: CRF[profile.codec][role] },
    ...(role === 'main' ? { still: stillNameOf(camera) } : {}),
    paint: {
      scene: profile.clip.replace(/-(main|sub)$/, ''),
      view: token,
      name: spec.name,
      widthPx: profile.widthPx,
      heightPx: profile.heightPx,
      framesPerSecond: profile.framesPerSecond,
      frames: (LOOP_MS / 1_000) * profile.framesPerSecond,
      phaseMs: spec.loopPhaseMs ?? 0,
      loopMs: LOOP_MS,
      stampScene,
      grain: GRAIN,
      movingGrain: false,
    },
  };
}

/** 960x540 instead of 1280x720, one per codec. All cameras share it, so its phase is none of theirs. */
function reconfiguredJobs(): ClipJob[] {
  return (['h264', 'h265'] as const).map((codec) => ({
    clip: `${RECONFIGURED_CLIP}-${codec}`,
    codec,
    gopFrames: 25,
    bFrames: 0,
    rate: { crf: CRF[codec].main },
    paint: {
      scene: RECONFIGURED_CLIP,
      view: '',
      name: '960 x 540',
      widthPx: 960,
      heightPx: 540,
      framesPerSecond: 12.5,
      frames: (LOOP_MS / 1_000) * 12.5,
      phaseMs: 0,
      loopMs: LOOP_MS,
      stampScene: RECONFIGURED_STAMP,
      grain: 0,
      movingGrain: false,
    },
  }));
}

function benchJobs(): ClipJob[] {
  const spec = townOf(1)[0]!;
  return (['main', 'sub'] as const).map((role) => {
    const profile = spec[role];
    return {
      clip: profile.clip,
      codec: profile.codec,
      gopFrames: profile.gopFrames,
      bFrames: 0,
      rate: { kbps: profile.bitrateKbps },
      ...(role === 'main' ? { still: profile.clip } : {}),
      paint: {
        scene: 'callao',
        view: '',
        name: 'Banco de pruebas',
        widthPx: profile.widthPx,
        heightPx: profile.heightPx,
        framesPerSecond: profile.framesPerSecond,
        frames: (BENCH_LOOP_MS / 1_000) * profile.framesPerSecond,
        phaseMs: 0,
        loopMs: BENCH_LOOP_MS,
        stampScene: BENCH_STAMP,
        grain: 0.2,
        movingGrain: true,
      },
    };
  });
}

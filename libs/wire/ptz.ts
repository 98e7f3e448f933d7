import { z } from 'zod';

const velocity = z.number().min(-1).max(1);
const presetToken = z.string().min(1).max(64);
/** Takes the camera from a holder of lower priority. Without it such an order is refused with `mayTakeOver`. */
const takeOver = z.boolean().default(false);

/** Velocities are shares of full speed: right, up and near are positive. */
export const ptzMove = z.object({
  op: z.literal('move'),
  pan: velocity,
  tilt: velocity,
  zoom: velocity,
  /** The api stops the camera after this: a lost key-up never leaves one turning. A pressed key is sent again before. */
  timeoutMs: z.number().int().min(100).max(5_000).default(1_000),
  /** Names the press of a key: a move that arrives after its own stop is not made. */
  press: z.string().min(1).max(64).optional(),
  takeOver,
});

/** `POST /api/cameras/:id/ptz`. */
export const ptzOrder = z.discriminatedUnion('op', [
  ptzMove,
  z.object({ op: z.literal('stop'), press: z.string().min(1).max(64).optional() }),
  z.object({ op: z.literal('goto'), preset: presetToken, takeOver }),
  z.object({ op: z.literal('home'), takeOver }),
  /** Holds the camera without moving it: the answer to "take over?". */
  z.object({ op: z.literal('take'), takeOver }),
]);
export type PtzOrder = z.infer<typeof ptzOrder>;
/** As a client writes it: what has a default may be left out. */
export type PtzOrderBody = z.input<typeof ptzOrder>;

/** `POST /api/cameras/:id/ptz/reservation`. */
export const ptzReserveBody = z.object({ minutes: z.number().int().min(1).max(60), takeOver });
export type PtzReserveBody = z.infer<typeof ptzReserveBody>;

/** `POST /api/cameras/:id/ptz/presets`: saves where the camera looks now. */
export const ptzPresetBody = z.object({ name: z.string().trim().min(1).max(60) });
export type PtzPresetBody = z.infer<typeof ptzPresetBody>;

export const ptzPreset = z.object({ token: z.string(), name: z.string() });
export type PtzPreset = z.infer<typeof ptzPreset>;

const tourStep = z.object({ preset: presetToken, dwellSeconds: z.number().min(3).max(3_600) });

/** `POST /api/cameras/:id/ptz/tours`; `PATCH /api/ptz/tours/:id`. */
export const ptzTourBody = z.object({
  name: z.string().trim().min(1).max(80),
  steps: z.array(tourStep).min(2).max(64),
});
export type PtzTourBody = z.infer<typeof ptzTourBody>;

export const ptzTourView = z.object({
  id: z.uuid(),
  name: z.string(),
  steps: z.array(tourStep),
  /** Since when it has been told to run, by a wall clock; `null` when it is not. */
  startedAtMs: z.number().nullable(),
});
export type PtzTourView = z.infer<typeof ptzTourView>;

export const PTZ_TOUR_PHASES = ['going', 'dwelling', 'waiting', 'paused'] as const;

/** Who steers a PTZ camera and what it does, shown to all who may see the camera. Times are the server's wall clock. */
export const ptzView = z.object({
  /** The camera's. */
  id: z.uuid(),
  /** As the camera last listed them; `null` before it was asked. */
  presets: z.array(ptzPreset).nullable(),
  holder: z
    .object({
      accountId: z.uuid(),
      displayName: z.string(),
      priority: z.number().int(),
      /** A reservation keeps others of the same priority out until it ends; a plain hold ends when its owner is idle. */
      reserved: z.boolean(),
      sinceMs: z.number(),
      expiresAtMs: z.number(),
    })
    .nullable(),
  /** The last time that somebody was displaced. */
  takenOver: z
    .object({ fromAccountId: z.uuid(), fromName: z.string(), byName: z.string(), atMs: z.number() })
    .nullable(),
  /** The tour that runs, or that waits until nobody steers. */
  tour: z
    .object({
      tourId: z.uuid(),
      name: z.string(),
      /** Index into the tour's steps. */
      step: z.number().int(),
      phase: z.enum(PTZ_TOUR_PHASES),
      /** Why it does not go on. */
      problem: z.object({ code: z.string(), sinceMs: z.number() }).nullable(),
      /** Presets left out of late because the camera refused them. */
      skipped: z.array(z.object({ preset: z.string(), code: z.string(), atMs: z.number() })),
    })
    .nullable(),
  tours: z.array(ptzTourView),
});
export type PtzView = z.infer<typeof ptzView>;

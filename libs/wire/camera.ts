import { z } from 'zod';

/** Where something is, WGS 84, decimal degrees. */
export const place = z.object({
  latitudeDeg: z.number().min(-90).max(90),
  longitudeDeg: z.number().min(-180).max(180),
});
export type Place = z.infer<typeof place>;

/** `standby`: at rest. Nobody wants its video, so it is not pulled; it answered when it was last asked (`checkedAtMs`). */
export const CAMERA_STATES = ['connecting', 'online', 'degraded', 'offline', 'standby'] as const;
export type CameraState = (typeof CAMERA_STATES)[number];

export const STREAM_ROLES = ['main', 'sub'] as const;
export type StreamRole = (typeof STREAM_ROLES)[number];

/** How a stream is asked for: on the RTSP connection, as datagrams, or whichever the camera grants. */
export const RTSP_TRANSPORTS = ['tcp', 'udp', 'auto'] as const;
export type RtspTransport = (typeof RTSP_TRANSPORTS)[number];

export const CODECS = ['h264', 'h265', 'mjpeg'] as const;
export type Codec = (typeof CODECS)[number];

/** Of a camera that pushes, what it last sent; a width of 0 until it first came. */
export const streamView = z.object({
  role: z.enum(STREAM_ROLES),
  codec: z.enum(CODECS),
  widthPx: z.number().int(),
  heightPx: z.number().int(),
  framesPerSecond: z.number().nullable(),
  bitrateKbps: z.number().nullable(),
});
export type StreamView = z.infer<typeof streamView>;

/**
 * What the relay can say of activity from the sizes of a stream's pictures: it does not know what is usual yet; the rate is
 * held constant by the camera, so that sizes say nothing; nothing unusual; something moves that usually does not.
 */
export const ACTIVITY_STATES = ['warming-up', 'constant-rate', 'quiet', 'active'] as const;
export type ActivityState = (typeof ACTIVITY_STATES)[number];

/**
 * How a camera is, as the relay that has it last said. `reason` is set whenever the state is neither `online` nor `standby`.
 * Figures are of the stream that the state speaks of; `null`: not known, or nothing is pulled.
 */
export const cameraHealth = z.object({
  state: z.enum(CAMERA_STATES),
  sinceMs: z.number(),
  reason: z.object({ code: z.string(), message: z.string() }).nullable(),
  reconnects: z.number().int(),
  bitrateKbps: z.number().nullable(),
  framesPerSecond: z.number().nullable(),
  keyFrameIntervalMs: z.number().nullable(),
  lastKeyFrameAtMs: z.number().nullable(),
  /** `null`: the stream is not scored now. */
  activity: z
    .object({
      state: z.enum(ACTIVITY_STATES),
      /** Deviations from what is usual in this camera; `null` where sizes say nothing. */
      score: z.number().nullable(),
      sinceMs: z.number(),
    })
    .nullable(),
  /** The camera is at rest, and this is when it was last asked (or last seen): what the state says is as old. `null`: it is pulled. */
  checkedAtMs: z.number().nullable(),
  /** Share of packets that never came, 0..1. */
  lossShare: z.number().nullable(),
  jitterMs: z.number().nullable(),
  /** From capture to the relay, by the camera's clock less its measured error: no better than that measurement. */
  delayMs: z.number().nullable(),
  /** How many watch it now, all its streams together. */
  readers: z.number().int().nullable(),
  updatedAtMs: z.number(),
});
export type CameraHealth = z.infer<typeof cameraHealth>;

/** A camera as a control room sees it. Never carries an address or a credential. */
export const cameraView = z.object({
  id: z.uuid(),
  code: z.string(),
  name: z.string(),
  manufacturer: z.string(),
  model: z.string(),
  demonstration: z.boolean(),
  hasPtz: z.boolean(),
  /** It sends by itself (`PublisherView` has more): no address, no login, no device to ask. */
  isPushed: z.boolean(),
  /** Its video is pulled always. Otherwise when somebody wants it: the first picture comes a key frame later. */
  warm: z.boolean(),
  place: place.nullable(),
  bearingDeg: z.number().nullable(),
  fieldOfViewDeg: z.number().nullable(),
  rangeM: z.number().nullable(),
  zoneIds: z.array(z.uuid()),
  streams: z.array(streamView),
  health: cameraHealth,
  clockErrorMs: z.number().nullable(),
  clockUncertaintyMs: z.number().nullable(),
});
export type CameraView = z.infer<typeof cameraView>;

/** What only those who manage cameras see beside {@link cameraView}. */
export const cameraDetail = cameraView.extend({
  host: z.string(),
  onvifUrl: z.string(),
  serialNumber: z.string().nullable(),
  macAddress: z.string().nullable(),
  firmware: z.string(),
  endpointReference: z.string().nullable(),
  adoptedAtMs: z.number(),
  transport: z.enum(RTSP_TRANSPORTS),
  /** `reason` is set while it is enabled. */
  audio: z.object({ enabled: z.boolean(), reason: z.string().nullable() }),
});
export type CameraDetail = z.infer<typeof cameraDetail>;

const aim = {
  place: place.nullable(),
  bearingDeg: z.number().min(0).lt(360).nullable(),
  fieldOfViewDeg: z.number().min(1).max(360).nullable(),
  rangeM: z.number().min(1).max(2000).nullable(),
};
export const cameraName = z.string().trim().min(1).max(80);
export const cameraCode = z
  .string()
  .trim()
  .regex(/^[A-Z0-9][A-Z0-9-]{0,15}$/);

/** `PATCH /api/cameras/:id`. */
export const changeCameraBody = z
  .object({ ...aim, name: cameraName, code: cameraCode, warm: z.boolean(), transport: z.enum(RTSP_TRANSPORTS) })
  .partial();
export type ChangeCameraBody = z.infer<typeof changeCameraBody>;

/** `POST /api/cameras/:id/credential`: the login changed on the device. */
export const credentialBody = z.object({ username: z.string().max(64), password: z.string().max(128) });
export type CredentialBody = z.infer<typeof credentialBody>;

/** `PUT /api/cameras/:id/audio`. Turning it off has a reason too. */
export const cameraAudioBody = z.object({ enabled: z.boolean(), reason: z.string().trim().min(3).max(300) });
export type CameraAudioBody = z.infer<typeof cameraAudioBody>;

/** `DELETE /api/cameras/:id`. */
export const removeBody = z.object({ reason: z.string().trim().min(3).max(300) });

/** `POST /api/candidates/:id/adopt`. `code` is given by the centre (next free `C-nn`) when left out. */
export const adoptBody = z.object({
  ...aim,
  username: z.string().max(64),
  password: z.string().max(128),
  name: cameraName,
  code: cameraCode.optional(),
  mainProfile: z.string().min(1).max(64),
  subProfile: z.string().min(1).max(64).nullable(),
});
export type AdoptBody = z.infer<typeof adoptBody>;

import { z } from 'zod';
import { CODECS, STREAM_ROLES } from './camera.ts';

export const DISCOVERY_KINDS = ['multicast', 'sweep', 'address'] as const;

/** `POST /api/discovery/runs`: ask the segment, ask each address of a network (IPv4 CIDR), or ask one address. */
export const startDiscoveryBody = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('multicast') }),
  z.object({
    kind: z.literal('sweep'),
    cidr: z.string().max(18),
    ports: z.array(z.number().int().min(1).max(65535)).max(16).optional(),
  }),
  z.object({ kind: z.literal('address'), address: z.string().trim().min(1).max(200) }),
]);
export type StartDiscoveryBody = z.infer<typeof startDiscoveryBody>;

export const discoveryRunView = z.object({
  id: z.uuid(),
  kind: z.enum(DISCOVERY_KINDS),
  target: z.string(),
  state: z.enum(['running', 'finished', 'cancelled', 'failed']),
  startedAtMs: z.number(),
  finishedAtMs: z.number().nullable(),
  probed: z.number().int(),
  total: z.number().int(),
  found: z.number().int(),
  /** The first problems met, bounded; one bad reply never hides the good ones. */
  problems: z.array(z.object({ address: z.string(), code: z.string(), message: z.string() })),
});
export type DiscoveryRunView = z.infer<typeof discoveryRunView>;

/** A device that answered as ONVIF and can be tested and adopted. */
export const candidateView = z.object({
  id: z.uuid(),
  endpointReference: z.string().nullable(),
  host: z.string(),
  onvifUrl: z.string(),
  name: z.string(),
  hardware: z.string(),
  location: z.string(),
  foundBy: z.array(z.enum(DISCOVERY_KINDS)),
  clockErrorMs: z.number().nullable(),
  clockUncertaintyMs: z.number().nullable(),
  firstSeenAtMs: z.number(),
  lastSeenAtMs: z.number(),
  /** The adopted camera that this device is, when it is one. */
  cameraId: z.uuid().nullable(),
});
export type CandidateView = z.infer<typeof candidateView>;

/** `POST /api/candidates/:id/test` answers what the login reaches. */
export const candidateProbe = z.object({
  manufacturer: z.string(),
  model: z.string(),
  firmware: z.string(),
  serialNumber: z.string().nullable(),
  hasPtz: z.boolean(),
  hasEvents: z.boolean(),
  clockErrorMs: z.number(),
  clockUncertaintyMs: z.number(),
  profiles: z.array(
    z.object({
      token: z.string(),
      name: z.string(),
      codec: z.enum(CODECS),
      widthPx: z.number().int(),
      heightPx: z.number().int(),
      framesPerSecond: z.number().nullable(),
      bitrateKbps: z.number().nullable(),
      suggestedRole: z.enum(STREAM_ROLES).nullable(),
    }),
  ),
});
export type CandidateProbe = z.infer<typeof candidateProbe>;

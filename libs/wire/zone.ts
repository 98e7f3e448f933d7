import { z } from 'zod';

export const RISK_LEVELS = ['low', 'medium', 'high'] as const;
export type RiskLevel = (typeof RISK_LEVELS)[number];

/** One closed outline as GeoJSON writes it (RFC 7946 §3.1.6): `[longitudeDeg, latitudeDeg]`, first point = last. */
export const ring = z
  .array(z.tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)]))
  .min(4)
  .max(500);
export type Ring = z.infer<typeof ring>;

export const zoneView = z.object({
  id: z.uuid(),
  name: z.string(),
  riskLevel: z.enum(RISK_LEVELS),
  ring,
  notes: z.string(),
  demonstration: z.boolean(),
});
export type ZoneView = z.infer<typeof zoneView>;

export const createZoneBody = z.object({
  name: z.string().trim().min(1).max(80),
  riskLevel: z.enum(RISK_LEVELS),
  ring,
  notes: z.string().max(2000).default(''),
});
export type CreateZoneBody = z.infer<typeof createZoneBody>;

export const changeZoneBody = z
  .object({ name: z.string().trim().min(1).max(80), riskLevel: z.enum(RISK_LEVELS), ring, notes: z.string().max(2000) })
  .partial();
export type ChangeZoneBody = z.infer<typeof changeZoneBody>;

/** `GET /api/zones/coverage`: how much of each zone the cameras that work now can see, and the rest as polygons. */
export const zoneCoverageView = z.object({
  zoneId: z.uuid(),
  areaM2: z.number(),
  /** 0..1. Plan view: walls and height are not known to the model. */
  coveredShare: z.number().min(0).max(1),
  workingCameras: z.number().int(),
  placedCameras: z.number().int(),
  /** GeoJSON MultiPolygon coordinates of what no working camera sees. */
  blind: z.array(z.array(ring)),
  computedAtMs: z.number(),
});
export type ZoneCoverageView = z.infer<typeof zoneCoverageView>;

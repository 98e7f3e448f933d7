import { z } from 'zod';

const MAX_LINK_BYTES_PER_SECOND = 1_000_000_000;
const MAX_SKEW_MS = 10 * 365 * 86_400_000;

/** `PATCH /cameras/:id/faults`: what is left out stays as it is. */
export const faultsBody = z.strictObject({
  unplugged: z.boolean().optional(),
  frozen: z.boolean().optional(),
  corruptShare: z.number().min(0).max(1).optional(),
  linkBytesPerSecond: z.number().int().min(0).max(MAX_LINK_BYTES_PER_SECOND).optional(),
  extraClockSkewMs: z.number().int().min(-MAX_SKEW_MS).max(MAX_SKEW_MS).optional(),
  spsChanged: z.boolean().optional(),
});

/** `POST /cameras/:id/reboot`: only loopback addresses, the simulator appears nowhere else. */
export const rebootBody = z.strictObject({
  host: z
    .ipv4()
    .refine((host) => host.startsWith('127.'), 'a simulated camera lives on 127.0.0.0/8')
    .optional(),
});

/** `POST /cameras/:id/events`. */
export const eventBody = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('motion'), active: z.boolean() }),
  z.strictObject({ kind: z.literal('line-crossed'), rule: z.string().trim().min(1).max(64) }),
  z.strictObject({ kind: z.literal('tamper'), active: z.boolean() }),
  z.strictObject({ kind: z.literal('signal-loss'), active: z.boolean() }),
]);

export const sentQuery = z.object({ profile: z.enum(['main', 'sub']).default('sub') });

import { z } from 'zod';
import { PERMISSIONS, ROLES } from '#libs/access';

/** `POST /api/session`. Lengths are bounds against abuse, not a password rule. */
export const signInBody = z.object({
  username: z.string().trim().toLowerCase().min(1).max(64),
  password: z.string().min(1).max(200),
});
export type SignInBody = z.infer<typeof signInBody>;

/** Who is signed in, and what they may do: screens hide what would be refused anyway. */
export const sessionView = z.object({
  accountId: z.uuid(),
  username: z.string(),
  displayName: z.string(),
  role: z.enum(ROLES),
  permissions: z.array(z.enum(PERMISSIONS)),
  expiresAtMs: z.number(),
});
export type SessionView = z.infer<typeof sessionView>;

const username = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9._-]{2,63}$/);
const password = z.string().min(12).max(200);

/** `POST /api/accounts`. */
export const createAccountBody = z.object({
  username,
  displayName: z.string().trim().min(1).max(120),
  role: z.enum(ROLES),
  password,
});
export type CreateAccountBody = z.infer<typeof createAccountBody>;

/** `PATCH /api/accounts/:id`. */
export const changeAccountBody = z
  .object({ displayName: z.string().trim().min(1).max(120), role: z.enum(ROLES), password, disabled: z.boolean() })
  .partial();
export type ChangeAccountBody = z.infer<typeof changeAccountBody>;

export const accountView = z.object({
  id: z.uuid(),
  username: z.string(),
  displayName: z.string(),
  role: z.enum(ROLES),
  createdAtMs: z.number(),
  disabledAtMs: z.number().nullable(),
});
export type AccountView = z.infer<typeof accountView>;

export const auditEntryView = z.object({
  id: z.number().int(),
  atMs: z.number(),
  accountId: z.string().nullable(),
  accountName: z.string().nullable(),
  role: z.string().nullable(),
  action: z.string(),
  objectKind: z.string().nullable(),
  objectId: z.string().nullable(),
  outcome: z.enum(['done', 'refused', 'failed']),
  code: z.string().nullable(),
  ip: z.string().nullable(),
  details: z.record(z.string(), z.unknown()),
});
export type AuditEntryView = z.infer<typeof auditEntryView>;

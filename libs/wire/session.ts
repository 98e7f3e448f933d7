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

/** `POST /api/session/password`: one's own. */
export const changeOwnPasswordBody = z.object({ currentPassword: z.string().min(1).max(200), newPassword: password });
export type ChangeOwnPasswordBody = z.infer<typeof changeOwnPasswordBody>;

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

const AUDIT_OUTCOMES = ['done', 'refused', 'failed'] as const;

export const auditEntryView = z.object({
  id: z.number().int(),
  atMs: z.number(),
  accountId: z.string().nullable(),
  accountName: z.string().nullable(),
  role: z.string().nullable(),
  action: z.string(),
  objectKind: z.string().nullable(),
  objectId: z.string().nullable(),
  outcome: z.enum(AUDIT_OUTCOMES),
  code: z.string().nullable(),
  ip: z.string().nullable(),
  details: z.record(z.string(), z.unknown()),
});
export type AuditEntryView = z.infer<typeof auditEntryView>;

const filterText = z.string().trim().min(1).max(100);

/** `GET /api/audit`: newest first; `before` is the `nextBefore` of the page above. Numbers come as text in a query. */
export const auditQuery = z.object({
  before: z.coerce.number().int().positive().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  action: filterText.optional(),
  outcome: z.enum(AUDIT_OUTCOMES).optional(),
  accountId: z.uuid().optional(),
  objectKind: filterText.optional(),
  objectId: filterText.optional(),
  fromMs: z.coerce.number().int().min(0).max(8.64e15).optional(),
  toMs: z.coerce.number().int().min(0).max(8.64e15).optional(),
});
export type AuditQuery = z.infer<typeof auditQuery>;

export const auditPage = z.object({ entries: z.array(auditEntryView), nextBefore: z.number().int().nullable() });
export type AuditPage = z.infer<typeof auditPage>;

import { z } from 'zod';
import type { SignedHead } from './signed-head.ts';

const signedHead = z.object({
  seq: z.number().int().positive(),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  atMs: z.number().int(),
  keyId: z.string().regex(/^[0-9a-f]{16}$/),
  signature: z.base64().max(100),
});

/** A head that was kept in a file: the download of the page, or the one in the data folder. `undefined` when it is none. */
export function parseSignedHead(text: string): SignedHead | undefined {
  try {
    return signedHead.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

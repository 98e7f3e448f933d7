import { LEDGER_KINDS, joinKinds } from '#libs/ledger';
import { DISPATCH_KINDS } from './dispatch/dispatch-kinds.ts';
import { DISPATCH_PROJECTION } from './dispatch/dispatch-projection.ts';
import type { Projection } from './ledger/projection.ts';

/** Every kind of event that this version may append. A slice that appends adds its kinds here, and a rule in libs/access. */
export const EVERY_KIND = joinKinds(LEDGER_KINDS, DISPATCH_KINDS);

/** Tables that follow from the ledger, in the order in which they are rebuilt: `npm run ledger:rebuild -- --check`. */
export const PROJECTIONS: readonly Projection[] = [DISPATCH_PROJECTION];

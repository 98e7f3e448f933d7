import { LEDGER_KINDS, joinKinds } from '#libs/ledger';
import { DISPATCH_KINDS } from './dispatch/dispatch-kinds.ts';
import { DISPATCH_PROJECTION } from './dispatch/dispatch-projection.ts';
import { SHIFT_KINDS } from './shifts/shift-kinds.ts';
import { SHIFT_PROJECTION } from './shifts/shift-projection.ts';
import type { Projection } from './ledger/projection.ts';

/** Every kind of event that this version may append. A slice that appends adds its kinds here, and a rule in libs/access. */
export const EVERY_KIND = joinKinds(LEDGER_KINDS, DISPATCH_KINDS, SHIFT_KINDS);

/** Tables that follow from the ledger, in the order in which they are rebuilt: `npm run ledger:rebuild -- --check`. */
export const PROJECTIONS: readonly Projection[] = [DISPATCH_PROJECTION, SHIFT_PROJECTION];

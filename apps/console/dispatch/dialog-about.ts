import type { DeskDialog } from './desk.ts';

/** What a question is about, and its way out. */
export interface About {
  readonly id: string;
  readonly onClose: () => void;
}
/** A question that carries more than its kind. */
export type Of<K extends DeskDialog['kind']> = { readonly dialog: Extract<DeskDialog, { readonly kind: K }> };

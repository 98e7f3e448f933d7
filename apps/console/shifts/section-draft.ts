/** What one person writes in one section, against what the server holds. */
export interface SectionDraft {
  readonly text: string;
  /** The revision on which `text` builds. */
  readonly base: number;
  /** What the server holds at `base`. */
  readonly saved: string;
  /** Somebody else saved meanwhile: what stands there. Ended by {@link settle}. */
  readonly conflict: { readonly text: string; readonly revision: number; readonly by: string } | null;
}

export function draftOf({ text, revision }: { readonly text: string; readonly revision: number }): SectionDraft {
  return { text, base: revision, saved: text, conflict: null };
}

/** There is something to save, and nothing that has to be settled first. */
export function isUnsaved({ text, saved, conflict }: SectionDraft): boolean {
  return conflict === null && text.trim() !== saved.trim();
}

/** The server took `text`; what was typed since stays. */
export function taken(draft: SectionDraft, text: string, revision: number): SectionDraft {
  return { ...draft, base: revision, saved: text };
}

/** What the server holds now. Without a word of one's own it is shown; else both are, and somebody decides. */
export function heard(
  draft: SectionDraft,
  { text, revision, by }: { readonly text: string; readonly revision: number; readonly by: string },
): SectionDraft {
  if (revision <= draft.base) return draft;
  if (draft.conflict === null && !isUnsaved(draft)) return draftOf({ text, revision });
  return { ...draft, conflict: { text, revision, by } };
}

/** Settles a conflict: what stands there, both below each other, or one's own in its place. No way loses text unseen. */
export function settle(draft: SectionDraft, how: 'theirs' | 'both' | 'mine'): SectionDraft {
  const { conflict, text } = draft;
  if (conflict === null) return draft;
  const settled = draftOf(conflict);
  if (how === 'theirs') return settled;
  return { ...settled, text: how === 'mine' ? text : `${conflict.text}\n${text}` };
}

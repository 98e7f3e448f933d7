import { ok, refusal, refused, type Result } from '#libs/base';

/** Bounds of one document. A page of A4 holds some 45 lines; the longest honest report is a month of incidents. */
export const DOCUMENT_CAPS = { blocks: 200, rows: 3_000, columns: 16, cellChars: 4_000, chars: 1_500_000 } as const;

export type Cell = string | number | null;

export interface Column {
  readonly title: string;
  /** Share of the width beside its neighbours; 1 when left out. */
  readonly share?: number;
  /** Figures stand to the right. */
  readonly align?: 'left' | 'right';
}

/** A part of a document, from top to bottom. Every text is plain text. */
export type Block =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string; readonly muted?: boolean }
  /** Names and values, two pairs beside each other. */
  | { readonly kind: 'facts'; readonly facts: readonly (readonly [name: string, value: string])[] }
  /** Its head is repeated on each page. `empty` is said when it has no rows. */
  | {
      readonly kind: 'table';
      readonly columns: readonly Column[];
      readonly rows: readonly (readonly Cell[])[];
      readonly empty: string;
    }
  /** Lines to sign on, or who signed and when. */
  | { readonly kind: 'signatures'; readonly signatures: readonly { readonly title: string; readonly text: string }[] };

/** What is printed: A4, a title block with the municipality, page numbers. Words are those of the reader, es-PE as a rule. */
export interface PrintedDocument {
  readonly municipality: string;
  readonly centre: string;
  readonly title: string;
  readonly subtitle: string;
  /** Said at the foot of every page: when and by whom it was made, or its hash. */
  readonly footnote: string;
  readonly orientation: 'portrait' | 'landscape';
  readonly blocks: readonly Block[];
}

/** Whether it stays within {@link DOCUMENT_CAPS}. Refuses with `document-too-large`. */
export function checkDocument(document: PrintedDocument): Result<PrintedDocument> {
  const { blocks } = document;
  const tables = blocks.flatMap((block) => (block.kind === 'table' ? [block] : []));
  const rows = tables.reduce((sum, table) => sum + table.rows.length, 0);
  const columns = Math.max(0, ...tables.map((table) => table.columns.length));
  const texts = blocks.flatMap(textsOf);
  const chars = texts.reduce((sum, text) => sum + text.length, 0);
  const cellChars = texts.reduce((longest, text) => Math.max(longest, text.length), 0);
  const found = { blocks: blocks.length, rows, columns, cellChars, chars };
  for (const [what, limit] of Object.entries(DOCUMENT_CAPS)) {
    const value = found[what as keyof typeof found];
    if (value > limit)
      return refused(
        refusal('too-large', 'document-too-large', `a document has at most ${limit} ${what}, this one ${value}`, {
          what,
          limit,
        }),
      );
  }
  return ok(document);
}

function textsOf(block: Block): string[] {
  switch (block.kind) {
    case 'heading':
    case 'text':
      return [block.text];
    case 'facts':
      return block.facts.flat();
    case 'signatures':
      return block.signatures.flatMap(({ title, text }) => [title, text]);
    case 'table':
      return block.rows.flatMap((row) => row.map((cell) => String(cell ?? '')));
  }
}

import type { Block, Cell, Column, PrintedDocument } from './document.ts';

/** ISO 216 A4 in points (1/72 inch). */
const A4_WIDTH_PT = { portrait: 595.28, landscape: 841.89 } as const;
const MARGIN_PT = 40;
const HEAD_PT = 78;
const FOOT_PT = 44;

const INK = '#1c2733';
const MUTED = '#5b6875';
const RULE = '#b9c3cc';
const HEAD_FILL = '#e9eef2';

/** The document as pdfmake takes it. Texts are given as `{ text }`, which it never reads as anything else. */
export function pdfLayout(document: PrintedDocument): object {
  const { municipality, centre, title, subtitle, footnote, orientation, blocks } = document;
  const widthPt = A4_WIDTH_PT[orientation] - 2 * MARGIN_PT;
  return {
    pageSize: 'A4',
    pageOrientation: orientation,
    pageMargins: [MARGIN_PT, HEAD_PT, MARGIN_PT, FOOT_PT],
    language: 'es-PE',
    displayTitle: true,
    info: {
      title: clean(`${title} ${subtitle}`),
      author: clean(municipality),
      producer: 'Atalaya',
      creator: 'Atalaya',
    },
    // A word longer than its column is cut rather than written over its neighbour.
    defaultStyle: { font: 'Roboto', fontSize: 9, color: INK, lineHeight: 1.15 },
    header: () => headOf(clean(municipality), clean(centre), widthPt),
    footer: (page: number, pages: number) => footOf(clean(footnote), page, pages),
    content: [
      { text: clean(title), fontSize: 16, bold: true },
      { text: clean(subtitle), fontSize: 10, color: MUTED, margin: [0, 0, 0, 8] },
      ...blocks.map((block) => blockOf(block, widthPt)),
    ],
  };
}

function headOf(municipality: string, centre: string, widthPt: number): object {
  return {
    margin: [MARGIN_PT, 26, MARGIN_PT, 0],
    stack: [
      { text: municipality, fontSize: 11, bold: true },
      { text: centre, fontSize: 9, color: MUTED },
      ruleOf(widthPt, 5),
    ],
  };
}

function footOf(footnote: string, page: number, pages: number): object {
  return {
    margin: [MARGIN_PT, 12, MARGIN_PT, 0],
    columns: [
      { text: footnote, fontSize: 7, color: MUTED, width: '*' },
      { text: `Página ${page} de ${pages}`, fontSize: 8, color: MUTED, width: 90, alignment: 'right' },
    ],
  };
}

function ruleOf(widthPt: number, abovePt: number): object {
  const line = { type: 'line', x1: 0, y1: 0, x2: widthPt, y2: 0, lineWidth: 0.8, lineColor: RULE };
  return { canvas: [line], margin: [0, abovePt, 0, 0] };
}

function blockOf(block: Block, widthPt: number): object {
  switch (block.kind) {
    case 'heading':
      return { text: clean(block.text), fontSize: 11, bold: true, margin: [0, 10, 0, 4], headlineLevel: 1 };
    case 'text':
      return { text: clean(block.text), margin: [0, 0, 0, 4], ...(block.muted ? { color: MUTED } : {}) };
    case 'facts':
      return factsOf(block.facts);
    case 'table':
      return block.rows.length === 0
        ? { text: clean(block.empty), color: MUTED, italics: true, margin: [0, 0, 0, 4] }
        : tableOf(block.columns, block.rows, widthPt);
    case 'signatures':
      return signaturesOf(block.signatures);
  }
}

function factsOf(facts: readonly (readonly [string, string])[]): object {
  const pair = (fact: readonly [string, string] | undefined): object[] => [
    { text: clean(fact?.[0] ?? ''), color: MUTED },
    { text: clean(fact?.[1] ?? '') },
  ];
  const rows = Array.from({ length: Math.ceil(facts.length / 2) }, (_, at) => [
    ...pair(facts[2 * at]),
    ...pair(facts[2 * at + 1]),
  ]);
  if (rows.length === 0) return { text: '' };
  return { table: { widths: ['auto', '*', 'auto', '*'], body: rows }, layout: 'noBorders', margin: [0, 0, 0, 6] };
}

/** Cell padding of the layout below, and the lines between. */
const CELL_PADDING_PT = 9;
/** Of Roboto at 8 points: a capital is about so wide. */
const LETTER_PT = 5.2;

function tableOf(columns: readonly Column[], rows: readonly (readonly Cell[])[], widthPt: number): object {
  const shares = columns.map(({ share = 1 }) => share);
  const total = shares.reduce((sum, share) => sum + share, 0);
  const roomPt = widthPt - columns.length * CELL_PADDING_PT;
  const widths = shares.map((share) => Math.floor((roomPt * share) / total));
  const cell = (value: Cell, at: number): object => ({
    text: breakable(clean(String(value ?? '')), widths[at]!),
    alignment: columns[at]!.align ?? 'left',
  });
  const head = columns.map(({ title, align = 'left' }) => ({ text: clean(title), bold: true, alignment: align }));
  const body = rows.map((row) => columns.map((_, at) => cell(row[at] ?? null, at)));
  return {
    fontSize: 8,
    margin: [0, 0, 0, 6],
    table: { headerRows: 1, keepWithHeaderRows: 1, widths, body: [head, ...body] },
    layout: {
      hLineWidth: () => 0.5,
      vLineWidth: () => 0,
      hLineColor: () => RULE,
      fillColor: (row: number) => (row === 0 ? HEAD_FILL : null),
    },
  };
}

function signaturesOf(signatures: readonly { readonly title: string; readonly text: string }[]): object {
  return {
    unbreakable: true,
    margin: [0, 28, 0, 0],
    columnGap: 24,
    columns: signatures.map(({ title, text }) => ({
      width: '*',
      stack: [
        ruleOf(180, 0),
        { text: clean(title), bold: true, margin: [0, 4, 0, 0] },
        { text: clean(text), color: MUTED },
      ],
    })),
  };
}

/** Control characters have no glyph; tabs become blanks. */
function clean(text: string): string {
  return text
    .replace(/\t/g, ' ')
    .replace(/[^\P{Cc}\n]/gu, '')
    .replace(/\p{Cs}/gu, '');
}

/** Puts a line break into a word that is wider than its column: pdfmake would write it over the next one. */
function breakable(text: string, widthPt: number): string {
  const most = Math.max(1, Math.floor(widthPt / LETTER_PT));
  return text.replace(new RegExp(`\\S{${most}}(?=\\S)`, 'gu'), '$&\n');
}

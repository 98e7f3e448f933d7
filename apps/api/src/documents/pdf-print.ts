import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import printer from 'pdfmake/js/Printer.js';
import type { PrintedDocument } from './document.ts';
import { pdfLayout } from './pdf-layout.ts';

/** A document within its caps stays far below; what does not is a bug, and is not sent. */
export const MAX_PDF_BYTES = 24 * 1024 * 1024;

/** Roboto (Apache-2.0) as pdfmake ships it: Latin, Greek and Cyrillic. */
const FONTS_FOLDER = join(dirname(createRequire(import.meta.url).resolve('pdfmake/package.json')), 'fonts', 'Roboto');
const FONTS = ['Roboto-Regular.ttf', 'Roboto-Medium.ttf', 'Roboto-Italic.ttf', 'Roboto-MediumItalic.ttf'].map((name) =>
  join(FONTS_FOLDER, name),
);

/** Nothing in a document comes from an address: none is ever asked. */
const NO_ADDRESSES = { resolve: () => undefined, resolved: () => Promise.resolve() };

/**
 * The bytes of a PDF 1.7 file. It works without a pause for as long as it takes (some 1.5 ms a row of a table), so it runs in a
 * thread of its own: `pdf.service.ts`.
 */
export async function printPdf(document: PrintedDocument): Promise<Uint8Array> {
  const [normal, bold, italics, bolditalics] = FONTS as [string, string, string, string];
  const fonts = { Roboto: { normal, bold, italics, bolditalics } };
  const press = new printer.default(fonts, null, NO_ADDRESSES, (path) => FONTS.includes(path));
  const file = await press.createPdfKitDocument({ ...pdfLayout(document), version: '1.7' });
  file.end();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of file) {
    bytes += chunk.length;
    if (bytes > MAX_PDF_BYTES) throw new Error(`a PDF of more than ${MAX_PDF_BYTES} bytes`);
    chunks.push(chunk as unknown as Uint8Array);
  }
  return Buffer.concat(chunks);
}

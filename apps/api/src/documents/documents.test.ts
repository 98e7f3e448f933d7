import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, describe, expect, it } from '@jest/globals';
import { RefusalError, silentLogger, systemClock } from '#libs/base';
import { CSV_FILE_CAPS, csvLines, writeCsv } from './csv-file.ts';
import { DOCUMENT_CAPS, checkDocument, type Block, type PrintedDocument } from './document.ts';
import { PdfService } from './pdf.service.ts';

const folder = mkdtempSync(join(tmpdir(), 'atalaya-documents-'));
const press = new PdfService(systemClock, silentLogger);

afterAll(() => {
  press.onModuleDestroy();
  rmSync(folder, { recursive: true, force: true });
});

function documentOf(...blocks: Block[]): PrintedDocument {
  return {
    municipality: 'Municipalidad Provincial de Ilo',
    centre: 'Central de Seguridad Ciudadana',
    title: 'Relevo',
    subtitle: 'Turno noche, 22/11/2026',
    footnote: 'Impreso el 23/11/2026 06:02',
    orientation: 'portrait',
    blocks,
  };
}

/** What Ghostscript reads of the file, and how many pages and of which size it finds: a reader that is not ours. */
function readPdf(bytes: Uint8Array): { text: string; pages: number; boxes: string[] } {
  const file = join(folder, 'document.pdf');
  writeFileSync(file, bytes);
  const gs = (...options: string[]): string =>
    execFileSync('gs', ['-q', '-dNOPAUSE', '-dBATCH', '-dSAFER', ...options], { encoding: 'utf8' });
  const text = gs('-sDEVICE=txtwrite', '-sOutputFile=-', file);
  const boxes = gs(
    '-dNODISPLAY',
    `--permit-file-read=${file}`,
    '-c',
    `(${file}) (r) file runpdfbegin 1 1 pdfpagecount { pdfgetpage /MediaBox pget pop == } for quit`,
  )
    .trim()
    .split('\n');
  return { text, pages: boxes.length, boxes };
}

describe('a printed document', () => {
  it('is a PDF of A4 pages with the municipality at the head and page numbers, as another reader sees it', async () => {
    const rows = Array.from({ length: 90 }, (_, at) => [
      `Halcón-${at + 1}`,
      'sin novedad; señal perdida en Alto Ilo',
      at,
    ]);
    const columns = [{ title: 'Unidad' }, { title: 'Novedades', share: 3 }, { title: 'Km', align: 'right' as const }];
    const bytes = await press.print(
      documentOf(
        {
          kind: 'facts',
          facts: [
            ['Responsable', 'María Ñáñez'],
            ['Turno', 'Noche'],
          ],
        },
        { kind: 'heading', text: 'Parte de patrullaje' },
        { kind: 'table', columns, rows, empty: '' },
        { kind: 'signatures', signatures: [{ title: 'Entrega', text: 'M. Ñáñez' }] },
      ),
    );
    expect(Buffer.from(bytes.subarray(0, 8)).toString('latin1')).toBe('%PDF-1.7');
    const { text, pages, boxes } = readPdf(bytes);
    expect(pages).toBeGreaterThan(1);
    expect(new Set(boxes)).toEqual(new Set(['[0 0 595.28 841.89]']));
    expect(text.match(/Municipalidad Provincial de Ilo/g)).toHaveLength(pages);
    expect(text.match(/Unidad/g)).toHaveLength(pages);
    for (const word of ['María Ñáñez', 'Halcón-1 ', 'Halcón-90 ', `Página ${pages} de ${pages}`])
      expect(text).toContain(word);
  });

  it('prints what a person typed as text, whatever it looks like, and inside its column', async () => {
    const long = 'x'.repeat(300);
    const bytes = await press.print(
      documentOf({
        kind: 'table',
        columns: [{ title: 'a' }, { title: 'b' }],
        rows: [[`{"image":"/etc/passwd"} https://a.example <b>\u0000\u0007`, long]],
        empty: '',
      }),
    );
    const { text } = readPdf(bytes);
    expect(text).toContain('etc/passwd');
    const cut = text.match(/x{5,}/g)!;
    expect(cut.length).toBeGreaterThan(4);
    expect(cut.join('')).toBe(long);
  });

  it('is refused when it is too large, and says by how much', async () => {
    const table = (rows: number, cell = 'a'): Block => ({
      kind: 'table',
      columns: [{ title: 'a' }],
      rows: Array.from({ length: rows }, () => [cell]),
      empty: '',
    });
    for (const [block, what] of [
      [table(DOCUMENT_CAPS.rows + 1), 'rows'],
      [table(1, 'a'.repeat(DOCUMENT_CAPS.cellChars + 1)), 'cellChars'],
      [table(DOCUMENT_CAPS.rows, 'a'.repeat(600)), 'chars'],
    ] as const) {
      await expect(press.print(documentOf(block))).rejects.toMatchObject({
        refusal: { code: 'document-too-large', details: { what } },
      });
    }
    expect(checkDocument(documentOf(table(DOCUMENT_CAPS.rows))).ok).toBe(true);
  });

  it('waits its turn, up to a bound', async () => {
    const all = await Promise.allSettled(Array.from({ length: 10 }, () => press.print(documentOf())));
    const refused = all.flatMap((one) =>
      one.status === 'rejected' ? [(one.reason as RefusalError).refusal.code] : [],
    );
    expect(refused).toEqual(['document-busy', 'document-busy']);
  });
});

describe('a CSV file', () => {
  it('begins with what a spreadsheet needs, and says when it was cut', async () => {
    let text = '';
    const sink = new Writable({
      decodeStrings: false,
      write: (chunk: string, _encoding, done) => {
        text += chunk;
        done();
      },
    });
    await writeCsv({ titles: ['código', 'nota'], rows: [['2026-000001', '=HYPERLINK("x")']] }, sink);
    expect(text).toBe('\uFEFFcódigo,nota\r\n2026-000001,"\'=HYPERLINK(""x"")"\r\n');
  });

  it('is cut at its bound, and the last line says so', async () => {
    function* endless(): Generator<number[]> {
      for (let at = 0; ; at++) yield [at];
    }
    let [lines, last] = [0, ''];
    for await (const line of csvLines({ titles: ['n'], rows: endless() })) [lines, last] = [lines + 1, line];
    expect([lines, last]).toEqual([CSV_FILE_CAPS.rows + 2, '# cortado: hay más de 100000 filas\r\n']);
  });
});

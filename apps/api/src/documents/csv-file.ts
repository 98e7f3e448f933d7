import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CSV_BYTE_ORDER_MARK, csvLine, type CsvField } from '#libs/base';

/** What a spreadsheet opens without complaint, and what one request may cost. */
export const CSV_FILE_CAPS = { rows: 100_000 } as const;

/** Last line of a file that had more rows than {@link CSV_FILE_CAPS}: a cut file must not pass for a whole one. */
const CUT = `# cortado: hay más de ${CSV_FILE_CAPS.rows} filas`;

export interface CsvFile {
  readonly titles: readonly string[];
  readonly rows: Iterable<readonly CsvField[]> | AsyncIterable<readonly CsvField[]>;
}

/** The file line by line: UTF-8 with a byte order mark, RFC 4180, no formulas (`csvLine` of libs/base). */
export async function* csvLines({ titles, rows }: CsvFile): AsyncGenerator<string> {
  yield CSV_BYTE_ORDER_MARK + csvLine(titles);
  let count = 0;
  for await (const row of rows) {
    if (++count > CSV_FILE_CAPS.rows) return yield csvLine([CUT]);
    yield csvLine(row);
  }
}

/** Writes it as it is read; a sink that closes ends the reading, a failure in the middle cuts the sink. */
export async function writeCsv(file: CsvFile, sink: Writable): Promise<void> {
  await pipeline(Readable.from(csvLines(file)), sink);
}

/** What a spreadsheet needs at the start of a file to read it as UTF-8. */
export const CSV_BYTE_ORDER_MARK = '\uFEFF';

export type CsvField = string | number | boolean | null;

/**
 * One line of CSV (RFC 4180 §2), with CRLF. Text that a spreadsheet would run as a formula gets an apostrophe before it;
 * numbers are written as numbers, negative ones too. `null` is an empty field.
 */
export function csvLine(fields: readonly CsvField[]): string {
  return `${fields.map(csvField).join(',')}\r\n`;
}

/** What begins a formula in Excel, LibreOffice or Google Sheets; full-width signs count there too (OWASP, CSV Injection). */
const FORMULA = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;

function csvField(value: CsvField): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const harmless = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

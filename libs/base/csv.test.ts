import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { csvLine } from '#libs/base';

describe('a line of CSV', () => {
  it('is quoted as RFC 4180 says', () => {
    expect(csvLine(['a,b', 'say "x"', null, -1.5, true, 'línea\nnueva', ''])).toBe(
      '"a,b","say ""x""",,-1.5,true,"línea\nnueva",\r\n',
    );
  });

  it('hands no formula to a spreadsheet', () => {
    expect(csvLine(['=1+1', '@x', '+51 953', '-2', '\t=1', '\n=1', '＝1'])).toBe(
      "'=1+1,'@x,'+51 953,'-2,'\t=1,\"'\n=1\",'＝1\r\n",
    );
  });

  it('gives back every text that begins no formula', () => {
    const text = fc.string().filter((one) => !/^[=+\-@\t\r\n＝＋－＠]/.test(one));
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 6 }), (fields) => {
        expect(fieldsIn(csvLine(fields))).toEqual(fields);
      }),
    );
  });
});

/** Reads one line by the grammar of RFC 4180 §2. */
function fieldsIn(line: string): string[] {
  const fields: string[] = [];
  let rest = line;
  do {
    const quoted = /^"((?:[^"]|"")*)"(,|\r\n)/.exec(rest);
    const [whole, text, end] = quoted ?? /^([^",\r\n]*)(,|\r\n)/.exec(rest)!;
    fields.push(quoted ? text!.replaceAll('""', '"') : text!);
    rest = rest.slice(whole!.length);
    if (end === '\r\n') break;
  } while (rest !== '');
  return fields;
}

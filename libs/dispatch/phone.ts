import { ok, refused, type Result } from '#libs/base';
import { dispatchRefusal } from './refusals.ts';

/** Typed text, blanks and punctuation included. */
export const MAX_PHONE_CHARS = 24;

/** Short numbers that may call in or be called back (domain.md 2.1). */
const SHORT_NUMBERS = new Set(['100', '105', '106', '110', '116', '117', '119', '911', '1818']);
/** Area codes of landlines without their leading 0: Lima has one digit and seven after it, all others two and six. */
const AREA_CODES = new Set([
  '41',
  '42',
  '43',
  '44',
  '51',
  '52',
  '53',
  '54',
  '56',
  '61',
  '62',
  '63',
  '64',
  '65',
  '66',
  '67',
  '72',
  '73',
  '74',
  '76',
  '82',
  '83',
  '84',
]);
/** Moquegua: six digits alone are a landline of Ilo. */
const HOME_AREA = '53';
const COUNTRY = '51';

/**
 * A telephone number as the centre keeps it: E.164 for subscribers (`+51953123456`, `+5153781234`), the bare digits for
 * short numbers (`105`) and for toll-free ones (`080012345`). Numbering plan: MTC, Plan Técnico Fundamental de
 * Numeración. Refuses with `phone-malformed`.
 */
export function normalisePhone(text: string): Result<string> {
  if (text.length > MAX_PHONE_CHARS) return malformed();
  const compact = text.replace(/[\s().-]/g, '');
  if (!/^\+?\d{3,15}$/.test(compact)) return malformed();
  if (compact.startsWith('+')) return international(compact.slice(1));
  if (compact.startsWith('00')) return international(compact.slice(2));
  return SHORT_NUMBERS.has(compact) ? ok(compact) : national(compact);
}

function international(digits: string): Result<string> {
  if (!digits.startsWith(COUNTRY)) return /^[1-9]\d{7,14}$/.test(digits) ? ok(`+${digits}`) : malformed();
  return national(digits.slice(COUNTRY.length));
}

function national(digits: string): Result<string> {
  if (/^9\d{8}$/.test(digits)) return ok(`+${COUNTRY}${digits}`);
  if (/^519\d{8}$/.test(digits)) return ok(`+${digits}`);
  if (/^0800\d{5}$/.test(digits) || /^0801\d{5}$/.test(digits)) return ok(digits);
  if (/^[2-7]\d{5}$/.test(digits)) return ok(`+${COUNTRY}${HOME_AREA}${digits}`);
  const trunk = digits.startsWith('0') ? digits.slice(1) : digits;
  if (/^1[2-7]\d{6}$/.test(trunk)) return ok(`+${COUNTRY}${trunk}`);
  if (/^\d{2}[2-7]\d{5}$/.test(trunk) && AREA_CODES.has(trunk.slice(0, 2))) return ok(`+${COUNTRY}${trunk}`);
  return malformed();
}

function malformed(): Result<never> {
  return refused(
    dispatchRefusal('phone-malformed', 'a phone is a mobile of 9 digits, a landline with area code, or a short number'),
  );
}

import { foldWords } from '#libs/dispatch';

/** What somebody typed into the command bar. */
export type DeskCommand =
  | { readonly kind: 'select'; readonly number: string }
  | { readonly kind: 'assign'; readonly unit: string }
  | {
      readonly kind: 'unit';
      readonly act: 'enRoute' | 'arrive' | 'clear' | 'checkIn' | 'acknowledgeAssignment';
      readonly unit: string;
    }
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'press'; readonly key: string };

/** First words and what they mean, folded (no accents, small letters). Both languages, and the radio's own words. */
const ASSIGN = new Set(['a', 'asignar', 'assign', 'enviar', 'send']);
const NOTE = new Set(['nota', 'narrar', 'note', 't']);
const UNIT_ACTS: Readonly<Record<string, 'enRoute' | 'arrive' | 'clear' | 'checkIn' | 'acknowledgeAssignment'>> = {
  confirma: 'acknowledgeAssignment',
  qsl: 'acknowledgeAssignment',
  confirmed: 'acknowledgeAssignment',
  camino: 'enRoute',
  ruta: 'enRoute',
  enroute: 'enRoute',
  lugar: 'arrive',
  llego: 'arrive',
  qth: 'arrive',
  arrived: 'arrive',
  libre: 'clear',
  qrv: 'clear',
  clear: 'clear',
  contacto: 'checkIn',
  qap: 'checkIn',
  checkin: 'checkIn',
};
const PRESSES: Readonly<Record<string, string>> = {
  n: 'n',
  nueva: 'n',
  new: 'n',
  p: 'p',
  pnp: 'p',
  s: 's',
  samu: 's',
  b: 'b',
  bomberos: 'b',
  bom: 'b',
  derivar: 'o',
  refer: 'o',
  c: 'c',
  cerrar: 'c',
  close: 'c',
  x: 'x',
  desestimar: 'x',
  dismiss: 'x',
  controlada: 'h',
  control: 'h',
  unir: 'u',
  merge: 'u',
  vincular: 'v',
  link: 'v',
  apoyo: 'r',
  backup: 'r',
  clasificar: 'y',
  classify: 'y',
  sonido: 'm',
  sound: 'm',
  enterado: 'a',
  ok: 'a',
  teclas: '?',
  ayuda: '?',
  keys: '?',
  help: '?',
};

/** Longer is no command. */
const MAX_CHARS = 400;

/** `undefined` when it means nothing: nothing is guessed where people are sent. */
export function parseCommand(typed: string): DeskCommand | undefined {
  const text = typed.trim().slice(0, MAX_CHARS);
  const number = /^#?(?:\d{4}-)?0*(\d{1,6})$/.exec(text)?.[1];
  if (number !== undefined) return { kind: 'select', number };
  const [first = '', ...others] = text.split(/\s+/);
  const word = foldWords(first);
  const rest = others.join(' ');
  const act = UNIT_ACTS[word];
  if (rest !== '' && ASSIGN.has(word)) return { kind: 'assign', unit: rest };
  if (rest !== '' && NOTE.has(word)) return { kind: 'note', text: rest };
  if (rest !== '' && act) return { kind: 'unit', act, unit: rest };
  const key = rest === '' ? PRESSES[word] : undefined;
  return key === undefined ? undefined : { kind: 'press', key };
}

/** The unit that a name means: all of it, else its number with the beginning of its word (`m 3` is `Móvil 03`). */
export function unitNamed<T extends { readonly callSign: string }>(units: readonly T[], name: string): T | undefined {
  const wanted = keyOf(name);
  const exact = units.filter(({ callSign }) => keyOf(callSign).join(' ') === wanted.join(' '));
  if (exact.length === 1) return exact[0];
  const near = units.filter(({ callSign }) => {
    const own = keyOf(callSign);
    return (
      wanted.length > 0 && wanted.every((part, k) => (/^\d+$/.test(part) ? own[k] === part : own[k]?.startsWith(part)))
    );
  });
  return near.length === 1 ? near[0] : undefined;
}

/** Words and numbers apart, numbers without leading zeros: `Móvil 03`, `movil3` and `MOVIL-3` are the same. */
function keyOf(name: string): string[] {
  return foldWords(name)
    .split(/\s+|(?<=\p{L})(?=\d)|(?<=\d)(?=\p{L})/u)
    .filter((part) => part !== '')
    .map((part) => part.replace(/^0+(?=\d)/, ''));
}

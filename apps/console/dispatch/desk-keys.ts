/** What a key does on the dispatch page. `digit` assigns that rank of the recommended units. */
export type DeskAction =
  | 'new'
  | 'map'
  | 'cameras'
  | 'units'
  | 'command'
  | 'help'
  | 'next'
  | 'previous'
  | 'assign'
  | 'pnp'
  | 'samu'
  | 'bom'
  | 'refer'
  | 'close'
  | 'dismiss'
  | 'control'
  | 'merge'
  | 'link'
  | 'note'
  | 'classify'
  | 'backup'
  | 'place'
  | 'incident'
  | 'alarm'
  | 'mute'
  | 'escape'
  | `digit-${number}`;

export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
}

/** Where the key was pressed: typing wins over letters, a dialog has all its keys, a button has its Enter. */
export interface KeyPlace {
  readonly typing: boolean;
  readonly inDialog: boolean;
  readonly onControl: boolean;
  /** Letters alone may be switched off (WCAG 2.2, 2.1.4). */
  readonly letters: boolean;
}

const EVERYWHERE: Readonly<Record<string, DeskAction>> = { F2: 'new', F3: 'map', F4: 'cameras', Escape: 'escape' };

/** Keys of one letter or sign, in the order in which the help shows them. */
export const LETTER_KEYS: Readonly<Record<string, DeskAction>> = {
  n: 'new',
  j: 'next',
  k: 'previous',
  p: 'pnp',
  s: 'samu',
  b: 'bom',
  o: 'refer',
  t: 'note',
  y: 'classify',
  r: 'backup',
  l: 'place',
  h: 'control',
  c: 'close',
  x: 'dismiss',
  u: 'merge',
  v: 'link',
  a: 'alarm',
  i: 'incident',
  m: 'mute',
  g: 'units',
  '/': 'command',
  '?': 'help',
};

export function actionOf(press: KeyPress, place: KeyPlace): DeskAction | undefined {
  if (press.ctrlKey || press.altKey || press.metaKey || place.inDialog) return undefined;
  const always = EVERYWHERE[press.key];
  if (always) return always;
  if (place.typing) return undefined;
  if (press.key === 'Enter') return place.onControl ? undefined : 'assign';
  if (!place.letters) return undefined;
  if (/^[1-9]$/.test(press.key)) return `digit-${Number(press.key)}`;
  return LETTER_KEYS[press.key.length === 1 ? press.key.toLowerCase() : press.key];
}

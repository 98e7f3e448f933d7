import { adminEn, adminEs } from './admin.ts';
import { alarmsEn, alarmsEs } from './alarms.ts';
import { camerasEn, camerasEs } from './cameras.ts';
import { dispatchEn, dispatchEs } from './dispatch.ts';
import { dispatchHandsEn, dispatchHandsEs } from './dispatch-hands.ts';
import { dispatchStoryEn, dispatchStoryEs } from './dispatch-story.ts';
import { dispatchTermsEn, dispatchTermsEs } from './dispatch-terms.ts';
import { everywhereEn, everywhereEs } from './everywhere.ts';
import { dispatchErrorsEn, dispatchErrorsEs } from './dispatch-errors.ts';
import { errorsEn, errorsEs } from './errors.ts';
import type { Language } from './format.ts';
import { ledgerEn, ledgerErrorsEn, ledgerErrorsEs, ledgerEs } from './ledger.ts';
import { ledgerKindsEn, ledgerKindsEs } from './ledger-kinds.ts';
import { placesEn, placesErrorsEn, placesErrorsEs, placesEs } from './places.ts';
import { ptzEn, ptzEs } from './ptz.ts';
import { publishersEn, publishersEs } from './publishers.ts';
import { reasonsEn, reasonsEs } from './reasons.ts';
import { shiftErrorsEn, shiftErrorsEs } from './shift-errors.ts';
import { shiftsEn, shiftsEs } from './shifts.ts';
import { reportErrorsEn, reportErrorsEs, reportsEn, reportsEs } from './reports.ts';
import { replayEn, replayErrorsEn, replayErrorsEs, replayEs } from './replay.ts';
import { systemEn, systemEs } from './system.ts';
import { townEn, townEs } from './town.ts';

const es = {
  ...everywhereEs,
  ...townEs,
  ...camerasEs,
  ...publishersEs,
  ...ptzEs,
  ...alarmsEs,
  ...adminEs,
  ...ledgerEs,
  ...ledgerKindsEs,
  ...dispatchEs,
  ...dispatchHandsEs,
  ...dispatchTermsEs,
  ...dispatchStoryEs,
  ...shiftsEs,
  ...reportsEs,
  ...replayEs,
  ...placesEs,
  ...systemEs,
} as const;

export type MessageKey = keyof typeof es;
/** Every key of Spanish, none besides: the other languages are checked against it by the compiler. */
export type Messages = Readonly<Record<MessageKey, string>>;

const en: Messages = {
  ...everywhereEn,
  ...townEn,
  ...camerasEn,
  ...publishersEn,
  ...ptzEn,
  ...alarmsEn,
  ...adminEn,
  ...ledgerEn,
  ...ledgerKindsEn,
  ...dispatchEn,
  ...dispatchHandsEn,
  ...dispatchTermsEn,
  ...dispatchStoryEn,
  ...shiftsEn,
  ...reportsEn,
  ...replayEn,
  ...placesEn,
  ...systemEn,
};

export const MESSAGES: Readonly<Record<Language, Messages>> = { es, en };
export const ERRORS: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  es: {
    ...errorsEs,
    ...reasonsEs,
    ...dispatchErrorsEs,
    ...ledgerErrorsEs,
    ...shiftErrorsEs,
    ...reportErrorsEs,
    ...replayErrorsEs,
    ...placesErrorsEs,
  },
  en: {
    ...errorsEn,
    ...reasonsEn,
    ...dispatchErrorsEn,
    ...ledgerErrorsEn,
    ...shiftErrorsEn,
    ...reportErrorsEn,
    ...replayErrorsEn,
    ...placesErrorsEn,
  },
};

type HolesOf<S extends string> = S extends `${string}{${infer Hole}}${infer Rest}` ? Hole | HolesOf<Rest> : never;
type Holes<K extends MessageKey> = HolesOf<(typeof es)[K]>;
type Filling<K extends MessageKey> = [Holes<K>] extends [never] ? [] : [Readonly<Record<Holes<K>, string | number>>];

/** Says a message with its holes filled; the compiler knows which holes each has. */
export type Say = <K extends MessageKey>(key: K, ...filling: Filling<K>) => string;

export function sayIn(language: Language): Say {
  const table = MESSAGES[language];
  return (key, ...filling) => {
    const values = filling[0] as Readonly<Record<string, string | number>> | undefined;
    const text: string = table[key];
    return values ? text.replaceAll(/\{(\w+)\}/g, (hole, name: string) => String(values[name] ?? hole)) : text;
  };
}

/** What is the matter with a camera, by the code of its health reason. */
export function sayReasonIn(language: Language): (code: string) => string {
  const say = sayIn(language);
  return (code) => ERRORS[language][code] ?? say('reason.unknown', { code });
}

/** An error in words by its code. An unknown code is named: it can be told to whoever helps. */
export function sayErrorIn(language: Language): (code: string) => string {
  const say = sayIn(language);
  return (code) => ERRORS[language][code] ?? say('error.unknown', { code });
}

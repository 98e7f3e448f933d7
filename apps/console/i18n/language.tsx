import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import type { Language } from './format.ts';
import { sayErrorIn, sayIn, sayReasonIn, type Say } from './messages.ts';

export interface Words {
  readonly language: Language;
  readonly say: Say;
  readonly sayError: (code: string) => string;
  readonly sayReason: (code: string) => string;
  readonly setLanguage: (language: Language) => void;
}

const STORAGE_KEY = 'atalaya.language';
const Context = createContext<Words | null>(null);

/** The language of this browser: Spanish until somebody chose otherwise. */
export function LanguageProvider({ children }: { readonly children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(readLanguage);
  useEffect(() => {
    document.documentElement.lang = language === 'es' ? 'es-PE' : 'en';
    writeLanguage(language);
  }, [language]);
  const words = useMemo(
    () => ({
      language,
      say: sayIn(language),
      sayError: sayErrorIn(language),
      sayReason: sayReasonIn(language),
      setLanguage,
    }),
    [language],
  );
  return <Context value={words}>{children}</Context>;
}

export function useWords(): Words {
  const words = useContext(Context);
  if (!words) throw new Error('useWords outside of LanguageProvider');
  return words;
}

/** Storage may be closed to us (private mode, policy): the choice then lasts as long as the page. */
function readLanguage(): Language {
  try {
    return localStorage.getItem(STORAGE_KEY) === 'en' ? 'en' : 'es';
  } catch {
    return 'es';
  }
}

function writeLanguage(language: Language): void {
  try {
    localStorage.setItem(STORAGE_KEY, language);
  } catch {
    // Nothing to do: see readLanguage.
  }
}

import { useWords } from '../i18n/language.tsx';

/** Each language is named in itself. */
export function LanguageSwitch() {
  const { language, setLanguage, say } = useWords();
  return (
    <div className="switch" role="group" aria-label={say('language.label')}>
      <button type="button" lang="es" aria-pressed={language === 'es'} onClick={() => setLanguage('es')}>
        Español
      </button>
      <button type="button" lang="en" aria-pressed={language === 'en'} onClick={() => setLanguage('en')}>
        English
      </button>
    </div>
  );
}

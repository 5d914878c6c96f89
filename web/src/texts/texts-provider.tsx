import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { en, type Texts } from './en/en.ts';

/** Languages there are; what the browser prefers, else English. */
export const languages = { en: 'English', de: 'Deutsch' } as const;
export type Language = keyof typeof languages;

interface TextsValue {
  texts: Texts;
  language: Language;
  setLanguage: (language: Language) => void;
}

const KEY = 'convey-language';
const Context = createContext<TextsValue>({ texts: en, language: 'en', setLanguage: () => {} });

function firstLanguage(): Language {
  const chosen = localStorage.getItem(KEY);
  const wanted = [chosen, ...navigator.languages].map((tag) => tag?.slice(0, 2));
  return wanted.includes('de') && (wanted.indexOf('de') < wanted.indexOf('en') || !wanted.includes('en'))
    ? 'de'
    : 'en';
}

/** Gives all below it the words of one language. English comes with the app, others when they are wanted. */
export function TextsProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(firstLanguage);
  const [texts, setTexts] = useState<Texts>(en);
  useEffect(() => {
    let isCurrent = true;
    document.documentElement.lang = language;
    if (language === 'en') setTexts(en);
    else void import('./de/de.ts').then(({ de }) => isCurrent && setTexts(de));
    return () => {
      isCurrent = false;
    };
  }, [language]);
  const value = useMemo(
    () => ({
      texts,
      language,
      setLanguage: (chosen: Language) => {
        localStorage.setItem(KEY, chosen);
        setLanguage(chosen);
      },
    }),
    [texts, language],
  );
  return <Context value={value}>{children}</Context>;
}

/** The words of the viewer's language. */
export const useTexts = (): Texts => useContext(Context).texts;

/** The language itself, and how to change it. */
export const useLanguage = (): Omit<TextsValue, 'texts'> => useContext(Context);

import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { chooseLanguage, currentLanguage, type Language } from './chosen-language.ts';
import { en, type Texts } from './en/en.ts';
import { regionalTag } from './regional-tag.ts';

interface TextsValue {
  texts: Texts;
  language: Language;
  /** The same as the viewer's region writes it, `en-GB`: for dates and numbers. */
  locale: string;
  setLanguage: (language: Language) => void;
}

const Context = createContext<TextsValue>({
  texts: en,
  language: 'en',
  locale: 'en',
  setLanguage: () => {},
});

/** Gives all below it the words of one language. English comes with the app, others when they are wanted. */
export function TextsProvider({
  onChange,
  children,
}: {
  /** Another language was chosen: what the server said is in the one before. */
  onChange: () => void;
  children: ReactNode;
}) {
  const [language, setLanguage] = useState(currentLanguage);
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
      locale: regionalTag(language, navigator.languages),
      setLanguage: (chosen: Language) => {
        chooseLanguage(chosen);
        setLanguage(chosen);
        onChange();
      },
    }),
    [texts, language, onChange],
  );
  return <Context value={value}>{children}</Context>;
}

/** The words of the viewer's language. */
export const useTexts = (): Texts => useContext(Context).texts;

/** The language itself, and how to change it. */
export const useLanguage = (): Omit<TextsValue, 'texts'> => useContext(Context);

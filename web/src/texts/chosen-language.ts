/** Languages there are. */
export const languages = { en: 'English', de: 'Deutsch' } as const;
export type Language = keyof typeof languages;

const KEY = 'convey-language';

let current: Language | undefined;

/** The language of the app, which replies are asked for in: what was chosen here, else what the browser prefers, else English. */
export function currentLanguage(): Language {
  current ??= firstLanguage();
  return current;
}

/** Keeps a choice, in this browser. */
export function chooseLanguage(language: Language): void {
  localStorage.setItem(KEY, language);
  current = language;
}

/** What a request says to be answered in the app's language, whichever the browser itself would ask for. */
export function languageHeader(): { 'accept-language': Language } {
  return { 'accept-language': currentLanguage() };
}

function firstLanguage(): Language {
  const chosen = localStorage.getItem(KEY);
  const wanted = [chosen, ...navigator.languages].map((tag) => tag?.slice(0, 2));
  return wanted.includes('de') && (wanted.indexOf('de') < wanted.indexOf('en') || !wanted.includes('en'))
    ? 'de'
    : 'en';
}

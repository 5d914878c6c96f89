/** Languages that replies can be in: the source’s own, and those with a catalogue beside this file. */
export const languages = ['en', 'de'] as const;

export type Language = (typeof languages)[number];

/** A language range and its weight (RFC 9110 §12.4.2, RFC 4647 §2.1), in lower case. */
const RANGE = /^(\*|[a-z]{1,8}(?:-[a-z0-9]{1,8})*)(?:[ \t]*;[ \t]*q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?))?$/;

/**
 * The language of a reply, by the request’s `Accept-Language`: the first that the reader would rather have and that is
 * there, as RFC 4647 §3.4 looks it up (`de-AT` finds `de`); of equal weights the one that is named first. English where
 * none is, and where nothing is asked for. What is malformed in the header is passed over.
 */
export function chooseLanguage(header: string | undefined): Language {
  const ranges = readRanges(header ?? '');
  const isRefused = (language: Language) =>
    ranges.some(({ tag, weight }) => tag === language && weight === 0);
  const isNamed = (language: Language) => ranges.some(({ tag }) => languageOf(tag) === language);
  const wanted = ranges.filter(({ weight }) => weight > 0).sort((a, b) => b.weight - a.weight);
  for (const { tag } of wanted) {
    const found = languages.find((one) =>
      tag === '*' ? !isNamed(one) : languageOf(tag) === one && !isRefused(one),
    );
    if (found !== undefined) return found;
  }
  return 'en';
}

function readRanges(header: string): { tag: string; weight: number }[] {
  return header
    .toLowerCase()
    .split(',')
    .flatMap((part) => {
      const [, tag, weight = '1'] = RANGE.exec(part.trim()) ?? [];
      return tag === undefined ? [] : [{ tag, weight: Number(weight) }];
    });
}

const languageOf = (tag: string) => tag.split('-', 1)[0]!;

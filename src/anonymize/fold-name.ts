/** Letters that Unicode does not take apart, as people write them without them. */
const UNFOLDED: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  ı: 'i',
  þ: 'th',
};
/** Two ways of writing one letter without its marks: `Müller`, `Mueller`. */
const SPELLED_OUT: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ø: 'oe', ü: 'ue', å: 'aa' };

const PLAIN = /^[A-Za-z]+$/;

/** A name as a key: without case, marks, spaces and punctuation. `José  O’Brien` becomes `joseobrien`. */
export function foldName(name: string): string {
  if (PLAIN.test(name)) return name.toLowerCase(); // most words of most texts
  return name
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
    .toLowerCase()
    .replaceAll(/[ßæœøđðłıþ]/g, (letter) => UNFOLDED[letter]!)
    .normalize('NFC')
    .replaceAll(/[^\p{L}\p{N}]+/gu, '');
}

/** The same with letters spelled out, where that is another one: `Müller` becomes `mueller`. */
export function foldSpelledOut(name: string): string {
  const lower = name.normalize('NFC').toLowerCase();
  return foldName(lower.replaceAll(/[äöøüå]/g, (letter) => SPELLED_OUT[letter]!));
}

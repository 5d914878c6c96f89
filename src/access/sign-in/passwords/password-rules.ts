/**
 * Whether a password is one that a guesser tries early. Not a list of leaked passwords, which would be other
 * people's work: rules for how nearly all of them are made. What is left after everything guessable is taken out
 * must still be something.
 */

/** What people build passwords on; common words of the leaks of many years, and of our own trade. */
const WORDS = (
  'password passwort passwd passphrase motdepasse contrasena senha parola wachtwoord haslo pass secret geheim ' +
  'welcome willkommen bienvenue letmein hello hallo bonjour login logon signin access entry admin administrator ' +
  'root user guest master manager owner support service system server database default change changeme temp test ' +
  'testing demo sample example company office work internet computer laptop windows linux google facebook ' +
  'microsoft apple amazon iloveyou loveyou love lovely forever family mother father sister brother baby angel ' +
  'princess prince queen king sunshine sunflower flower rainbow summer winter spring autumn sommer herbst ' +
  'january february march april june july august september october november december monday tuesday wednesday ' +
  'thursday friday saturday sunday football fussball soccer baseball basketball hockey tennis golf liverpool ' +
  'arsenal chelsea barcelona juventus realmadrid yankees cowboys superman batman spiderman ironman starwars ' +
  'pokemon naruto minecraft dragon monkey tiger lion shadow eagle falcon panther wolf horse kitty puppy ' +
  'charlie michael jordan daniel jessica jennifer ashley michelle nicole thomas robert matthew andrew joshua ' +
  'hunter ranger soldier killer hacker ninja samurai phoenix thunder storm lightning fire diamond silver golden ' +
  'purple orange yellow green blue black white cookie cheese chocolate banana pepper ginger coffee whatever ' +
  'nothing something anything trustno qwerty qwertz azerty asdf asdfgh zxcvbn wasd abc xyz freedom peace jesus ' +
  'heaven blessed money dollar million lucky player gamer mustang ferrari porsche mercedes corvette harley ' +
  'london paris berlin madrid newyork california america canada germany france chat chatbot message customer ' +
  'client agent workspace account export'
)
  .split(' ')
  .sort((a, b) => b.length - a.length);

const PRODUCT = 'convey';

/** Rows and columns of keyboards, and the order of letters and digits. Read in both directions. */
const ROWS = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  'qwertyuiop[]',
  'asdfghjkl;',
  'zxcvbnm,./',
  'qwertzuiopü',
  'yxcvbnm',
  'azertyuiop',
  'qsdfghjklm',
  '!@#$%^&*()',
  '!"§$%&/()=',
  '1qaz',
  '2wsx',
  '3edc',
  '4rfv',
  '5tgb',
  '6yhn',
  '7ujm',
  '8ik,',
  '9ol.',
  '0p;/',
  '741852963',
  '789456123',
];
const STEPS = ROWS.flatMap((row) => [row, Array.from(row).toReversed().join('')]);

/** How letters are disguised. `1` stands for two: both are tried. */
const DISGUISES: Record<string, string> = {
  '0': 'o',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '8': 'b',
  '9': 'g',
  '@': 'a',
  $: 's',
  '!': 'i',
  '|': 'l',
  '€': 'e',
  '+': 't',
};

/** Shorter names and addresses stand in any number of words: `al`, `jo`, `kim`. */
const LEAST_NAME = 4;
const SHORTEST_RUN = 3;
/** So many letters must be left, or so many digits. */
const LEAST_LETTERS = 4;
const LEAST_DIGITS = 8;

/**
 * What makes a password easy to guess and what to do instead, as its field says it; undefined: nothing that is known
 * here.
 * @param about the person's address, and names (their own, their workspace's) that it must not hold
 */
export function findPasswordWeakness(
  password: string,
  { email, names }: { email: string; names: readonly string[] },
): string | undefined {
  const lower = password.normalize('NFKC').toLowerCase();
  const readings = [...new Set([lower, undisguise(lower, 'i'), undisguise(lower, 'l')])];
  const [local = ''] = email.normalize('NFKC').toLowerCase().split('@');
  if (local.length >= LEAST_NAME && readings.some((reading) => reading.includes(local)))
    return 'too easy to guess: it holds the first part of your email address. Leave that out';
  if (readings.some((reading) => reading.includes(PRODUCT)))
    return 'too easy to guess: it holds the name of this product. Leave that out';
  if (isRepeated(lower)) return 'too easy to guess: it is one piece over and over. Add other words';
  if (!/[^\d\s./:_-]/.test(lower) && lower.replaceAll(/\D/g, '').length < 16)
    return 'too easy to guess: it is only a number or a date. Add words, or take at least 16 digits';
  if (new Set(lower).size < 5)
    return 'too easy to guess: it has fewer than 5 different characters. Add others';
  const known = names.flatMap((name) =>
    name
      .normalize('NFKC')
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u),
  );
  const words = [...known.filter((word) => word.length >= LEAST_NAME), ...WORDS];
  // A reading at a time: digits are digits in the first and letters in the others, and a run may be either.
  if (readings.some((reading) => isMadeOf(reading, words)))
    return 'too easy to guess: it is made of common words, names, years and neighbouring keys, also where digits stand for letters. Add words that have nothing to do with each other';
  return undefined;
}

function undisguise(text: string, one: string): string {
  return Array.from(text)
    .map((character) => (character === '1' ? one : (DISGUISES[character] ?? character)))
    .join('');
}

/** One block over and over, to the last character: `abcabcabca`. */
function isRepeated(text: string): boolean {
  for (let size = 1; size <= text.length / 2; size++) {
    const block = text.slice(0, size);
    if (block.repeat(Math.ceil(text.length / size)).startsWith(text)) return true;
  }
  return false;
}

/** Whether too little is left once words, rows of keys, years and what is repeated are taken out. */
function isMadeOf(text: string, words: readonly string[]): boolean {
  let rest = text;
  for (const word of words) rest = rest.replaceAll(word, ' ');
  rest = takeOutRuns(rest).replaceAll(/(19|20)\d\d/g, ' ');
  if (rest === text) return false;
  const letters = rest.replaceAll(/\P{L}/gu, '').length;
  const digits = rest.replaceAll(/\D/g, '').length;
  return letters < LEAST_LETTERS && digits < LEAST_DIGITS;
}

/** Takes out stretches of 3 or more that repeat one character or follow a row. */
function takeOutRuns(text: string): string {
  let rest = '';
  for (let at = 0; at < text.length; ) {
    const length = runAt(text, at);
    if (length >= SHORTEST_RUN) {
      rest += ' ';
      at += length;
    } else rest += text[at++];
  }
  return rest;
}

function runAt(text: string, at: number): number {
  let longest = 1;
  while (text[at + longest] === text[at]) longest++;
  for (const row of STEPS) {
    let length = SHORTEST_RUN;
    while (at + length <= text.length && row.includes(text.slice(at, at + length))) length++;
    if (length > SHORTEST_RUN) longest = Math.max(longest, length - 1);
  }
  return longest;
}

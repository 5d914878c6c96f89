/** Words before and after a name that are no name. */
const TITLES = new Set(
  'mr mrs ms miss mx dr prof sir madam herr frau hr mme mlle monsieur madame señor señora sr sra srta signor signora jr phd md esq and'.split(
    ' ',
  ),
);

/** Small words inside of names: part of one only beside another word of it, or as a given name with a capital (`Ben`). */
const PARTICLES = new Set(
  'von van de der den del della di da dos das do du la le les el al bin ibn bint ben ter ten zu zum zur und y e of the ii iii iv'.split(
    ' ',
  ),
);

/** What teams and machines are called: not looked for in texts, since everybody writes them. */
const GENERIC = new Set(
  `support team bot service agent assistant customer client help helpdesk desk admin administrator office sales info system
   user account contact unknown anonymous guest visitor test tester online chat mail email billing operator contact care
   hotline company shop store my your our new name`.split(/\s+/),
);

/**
 * Names that are words as well: found only with a capital, so that “may I” stays. English and German; what other
 * languages have in common with names is found in any case.
 */
const ALSO_WORDS = new Set(
  `will may mark marks grace hope faith joy art bill rich rob sue pat rose summer april june august dawn eve
   star sky grant chase cook young long short brown green white black gray grey king queen price day west north
   east south best good love wood woods hill field fields stone page park parks bell ball bush cash church fox
   wolf lane street case major law drew max miles skip chip buck frank earnest angel christian guy buddy son can
   do so no in on an be ok hi yes you he she we it to me my am is are was has had but not at by or as if up us
   go see say said way pay key kay ray sun moon rain snow frost winter spring autumn fall banks bank rivers
   waters power powers little small smart sharp swift strong wise noble bright rush read reed reader writer
   farmer porter singer constant victor clay cliff forest glen heath dale brook marsh moss reef sandy rusty
   misty stormy sunny crystal amber ruby pearl jade olive ginger honey candy cherry melody harmony destiny
   genesis chance trip tip van ward wells lang klein gross groß kurz neu jung alt weiß weiss schwarz braun grün
   rot blau sommer herbst kaiser könig stark ernst stein berg bach wald feld burg engel bitte kann mai gut lieb
   fuchs hahn vogel fisch`.split(/\s+/),
);

/** Whether a word of a name is to be looked for: neither a title nor what teams are called. */
export function isNameWord(word: string): boolean {
  const lower = word.toLowerCase();
  return !TITLES.has(lower) && !GENERIC.has(lower);
}

/** Where a word of a name counts as one: anywhere, with a capital, or only beside another word of the same name. */
export type Sureness = 'anywhere' | 'capital' | 'beside';

/** How sure it is that a word is a name. @param isFirst it stands where given names do */
export function surenessOf(word: string, isFirst = false): Sureness {
  const lower = word.toLowerCase();
  if (PARTICLES.has(lower)) return isFirst ? 'capital' : 'beside';
  const isShort = word.length <= 2 && /^\p{Script=Latin}+$/u.test(word);
  return isShort || ALSO_WORDS.has(lower) ? 'capital' : 'anywhere';
}

/** What companies add to their names. */
const LEGAL_FORM =
  /[\s,]+(?:gmbh(?:\s*&\s*co\.?\s*kg)?|ag|kg|ug|se|inc|incorporated|ltd|limited|llc|llp|plc|corp|corporation|co|company|sa|sas|sarl|srl|spa|bv|nv|oy|ab|as|aps|pty|kk|株式会社)\.?$/iu;

/** A company's name without its legal form. */
export function withoutLegalForm(company: string): string {
  const stripped = company.trim().replace(LEGAL_FORM, '');
  return stripped === '' ? company.trim() : stripped;
}

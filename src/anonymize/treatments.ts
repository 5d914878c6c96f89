import type { PersonalData } from '../catalog/declare.ts';
import type { DatasetColumn } from '../catalog/record-columns.ts';
import type { ColumnType } from '../formats/codecs.ts';

/** What becomes of one value: a pseudonym of its kind, or a text in which what names somebody is masked. */
export type ValueTreatment =
  | 'id'
  | 'name'
  | 'email'
  | 'phone'
  | 'company'
  | 'ip'
  | 'file_name'
  | 'text'
  | 'hidden';

/** What becomes of a column's values. Plain data, so that it crosses into a thread. */
export interface Treatment {
  type: ColumnType;
  /** Unset: they stay as they are. */
  value?: ValueTreatment;
  /** Keys of a JSON value that do not say what their texts are, though they sound like it. */
  plainKeys: readonly string[];
  /** The workspace’s own content: a `name` in it is a thing’s. */
  isOwn?: boolean;
}

/** How the columns of one section's records and lists are treated, each in its shape's order. */
export interface SectionTreatments {
  record: Treatment[];
  lists: Treatment[][];
  /** Field of the record's row that tells whom it is about (`known_people`); unset: of nobody. */
  knownField?: number;
}

/** The treatment follows from what the catalogue says of a column. A class without one does not compile. */
const TREATMENT_OF: Readonly<Record<PersonalData, ValueTreatment>> = {
  // The host product may have written anything into it.
  none: 'text',
  free_text: 'text',
  identifier: 'id',
  fingerprint: 'id',
  email: 'email',
  phone: 'phone',
  name: 'name',
  company: 'company',
  file_name: 'file_name',
  ip: 'ip',
};

/** Types that can hold words; numbers, times and yes or no stay as they are. */
const WORDS: ReadonlySet<ColumnType> = new Set(['text', 'text[]', 'jsonb']);

/** What an anonymised export does with a column. */
export function treatmentOf({ type, column, personal, plainKeys }: DatasetColumn): Treatment {
  const isClosed = column?.values !== undefined; // one of a few words that we know
  if (!WORDS.has(type) || isClosed) return { type, plainKeys: [] };
  return { type, value: TREATMENT_OF[personal], plainKeys, isOwn: personal === 'none' };
}

const words = (text: string) => new Set(text.split(/\s+/));
const LAST_WORDS: readonly [ValueTreatment, ReadonlySet<string>][] = [
  ['id', words('id ids uuid guid ref username usernames user login handle identifier uid')],
  ['email', words('email emails mail mails')],
  ['phone', words('phone phones telephone tel mobile cell fax whatsapp msisdn')],
  ['company', words('company employer organisation organization')],
  ['ip', words('ip ips')],
  [
    'hidden',
    words(
      `address addresses street postcode zip zipcode postal dob birthday birthdate birth ssn passport iban password
       passwd secret token pin cvv cvc card license licence latitude longitude lat lng geo`,
    ),
  ],
];
/** Before `name`: whose it is. `plan_name` and the like are nobody's. */
const NAMED = words(
  `full first last given family middle maiden display nick user customer contact agent author client guest caller person
   birth legal preferred member sender recipient assignee owner employee sur`,
);
const NAMES = words(
  'name names surname firstname lastname fullname nickname displayname givenname familyname',
);

/** What the key of a JSON value says about its text; undefined: nothing. `customerEmail` and `customer_email` are one. */
export function treatmentOfKey(key: string): ValueTreatment | undefined {
  const parts = key
    .replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
  const last = parts.at(-1) ?? '';
  if (last === 'address' && parts.includes('ip')) return 'ip';
  if (last === 'address' && (parts.includes('email') || parts.includes('mail'))) return 'email';
  if (last === 'number' && parts.length > 1) return treatmentOfKey(parts.slice(0, -1).join(' '));
  if (NAMES.has(last))
    return parts.length === 1 || parts.slice(0, -1).some((part) => NAMED.has(part)) ? 'name' : undefined;
  return LAST_WORDS.find(([, known]) => known.has(last))?.[0];
}

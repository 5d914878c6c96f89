import type { KnownPeople } from './known-people.ts';
import { maskText } from './mask-text.ts';
import type { Pseudonyms } from './pseudonyms.ts';
import { rewriteJson } from './rewrite-json.ts';
import type { Reason } from './spans.ts';
import { type Treatment, treatmentOfKey, type ValueTreatment } from './treatments.ts';

/** What is known where a value stands, and who counts what is replaced. */
export interface Masking {
  pseudonyms: Pseudonyms;
  known: KnownPeople;
  tell: (reason: Reason) => void;
}

/** A time as Convey and most programs write it: no text that names anybody. */
const TIME = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?$/;
/** Longer than any amount, and no time in microseconds. */
const LONG_INTEGER = /^(?!1\d{15}$)\d{14,}$/;
/** Keys of which the treatment is remembered. */
const MOST_KEYS = 10_000;
const keyTreatments = new Map<string, ValueTreatment | undefined>();

/** One text, treated. */
export function maskValue(value: string, treatment: ValueTreatment, masking: Masking): string {
  if (value === '') return value;
  const { pseudonyms, known, tell } = masking;
  switch (treatment) {
    case 'text':
      return maskText(value, known, tell);
    case 'id':
      tell('id');
      return pseudonyms.id(value);
    case 'name':
      tell('name');
      return pseudonyms.name(value);
    case 'email':
      tell('email');
      return pseudonyms.email(value);
    case 'phone':
      tell('phone');
      return pseudonyms.phone(value);
    case 'company':
      tell('company');
      return pseudonyms.company(value);
    case 'ip':
      tell('ip');
      return pseudonyms.ip(value);
    case 'file_name':
      tell('file name');
      return pseudonyms.fileName(value);
    case 'hidden':
      tell('hidden');
      return '[hidden]';
  }
}

/** A JSON text with each of its values treated: by the key it stands under, else like the column. */
export function maskJson(json: string, treatment: Treatment, masking: Masking): string {
  const { plainKeys } = treatment;
  return rewriteJson(json, {
    text(text, key) {
      if (TIME.test(text)) return text;
      const isPlain = key !== undefined && plainKeys.includes(key);
      return maskValue(text, isPlain ? 'text' : treatmentUnder(key, treatment), masking);
    },
    number(digits, key) {
      const isPlain = key !== undefined && plainKeys.includes(key);
      const ofKey = key === undefined || isPlain ? undefined : treatmentOfRememberedKey(key);
      const isId = treatment.value === 'id' && !isPlain;
      if (ofKey !== undefined || isId) return maskValue(digits, ofKey ?? 'id', masking);
      // Under other keys they say how much, or when, unless they are too long for that.
      const isLong = LONG_INTEGER.test(digits) || masking.known.phoneOf(digits) !== undefined;
      return isLong ? maskText(digits, masking.known, masking.tell) : undefined;
    },
    key: (key) => (/[\d@]|\s/.test(key) || key.length > 3 ? maskText(key, masking.known, masking.tell) : key),
  });
}

/** Ids say what they are only by their column: what the key does not tell apart is one of them. */
function treatmentUnder(
  key: string | undefined,
  { value: ofColumn = 'text', isOwn }: Treatment,
): ValueTreatment {
  const ofKey = key === undefined ? undefined : treatmentOfRememberedKey(key);
  if (ofKey !== undefined && !(isOwn === true && ofKey === 'name')) return ofKey;
  return ofColumn === 'name' && key !== undefined ? 'text' : ofColumn;
}

function treatmentOfRememberedKey(key: string): ValueTreatment | undefined {
  if (keyTreatments.has(key)) return keyTreatments.get(key);
  if (keyTreatments.size >= MOST_KEYS) keyTreatments.clear();
  const treatment = treatmentOfKey(key);
  keyTreatments.set(key, treatment);
  return treatment;
}

import type { JsonObject, JsonValue } from '../../canonical-json.ts';
import type { ConversationFilter } from '../../catalog/conversation-filter.ts';
import { ConveyError } from '../../errors.ts';
import { badRequest } from '../exports.errors.ts';
import type { ExportPlan, ExportRequest } from '../plan-export.ts';
import type { Asker } from '../request-export.ts';

/** Said in the manifest of every anonymised export. */
export const ANONYMIZED =
  'Names, ids, addresses and numbers stand as pseudonyms under a key that was deleted with the end of the export, and ' +
  'what was recognised of them in texts is masked. Texts can still tell who somebody is: by names that were not known, ' +
  'by places, dates, professions or events. Times and amounts are as they were, so that whoever has other data about the ' +
  'same conversations may link them. It is not promised that every record is like several others (k-anonymity).';

/** Parts of a filter that name nobody. The texts of all others are not told. */
const NAMES_NOBODY: readonly (keyof ConversationFilter)[] = [
  'status',
  'channel',
  'priority',
  'audience',
  'tag',
  'any_tag',
  'since',
  'until',
  'updated_since',
  'updated_until',
  'resolved_since',
  'resolved_until',
];

/**
 * Refuses what cannot be anonymised: a person's own export is about nobody else, and the audit log is there to say who
 * did what.
 * @throws exports.bad_request
 */
export function ensureCanAnonymize({ kind, anonymize }: Pick<ExportRequest, 'kind' | 'anonymize'>): void {
  if (anonymize !== true || canAnonymize(kind)) return;
  const why = kind === 'contact' ? 'an export of one person is about who that is' : 'it says who did what';
  throw new ConveyError(badRequest, `anonymize is not for ${kind}: ${why}.`, {
    fields: [{ pointer: '/anonymize', detail: `is not for ${kind}` }],
  });
}

/** Whether exports of a kind can be anonymised. */
export function canAnonymize(kind: ExportRequest['kind']): boolean {
  return kind !== 'contact' && kind !== 'audit';
}

/** How an export is kept: an anonymised one never with the contents of files. */
export function keepOf({ keep, anonymize }: ExportRequest): ExportPlan['keep'] {
  return keep === undefined ? null : { ...keep, files: keep.files && anonymize !== true };
}

/** The filter as the export's own files tell it: an anonymised one does not say by whom it was filtered. */
export function filterToTell({ filter, anonymize }: Pick<ExportPlan, 'filter' | 'anonymize'>): JsonObject {
  const whole = JSON.parse(JSON.stringify(filter)) as JsonObject;
  if (anonymize !== true) return whole;
  return Object.fromEntries(
    Object.entries(whole).map(([key, value]) => [
      key,
      (NAMES_NOBODY as readonly string[]).includes(key) ? value : withoutTexts(value),
    ]),
  );
}

function withoutTexts(value: JsonValue): JsonValue {
  if (typeof value === 'string') return '[hidden]';
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutTexts);
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, withoutTexts(member as JsonValue)]),
  );
}

const ASKERS: Readonly<Record<Asker['type'], string>> = {
  api_key: 'an API key',
  user: 'a member',
  operator: 'the operator',
};

/** Who exported, as the export's own files tell it. */
export function askerToTell({ name, type }: Pick<Asker, 'name' | 'type'>, { anonymize }: ExportPlan): string {
  return anonymize === true ? ASKERS[type] : name;
}

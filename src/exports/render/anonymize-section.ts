import { createAnonymizer } from '../../anonymize/anonymize-rows.ts';
import { Pseudonyms } from '../../anonymize/pseudonyms.ts';
import { Redactions } from '../../anonymize/redactions.ts';
import type { RecordFormat } from '../../formats/record-format.ts';
import type { SectionLayout } from '../layout/file-layout.ts';

/** What an anonymised rendering works with; the key is that of all parts of one attempt at an export. */
export interface Anonymizing {
  pseudonyms: Pseudonyms;
  redactions: Redactions;
}

/** Undefined for an export that is not anonymised. */
export function startAnonymizing(key: Uint8Array | undefined): Anonymizing | undefined {
  return key === undefined ? undefined : { pseudonyms: new Pseudonyms(key), redactions: new Redactions() };
}

/**
 * The format as it takes a file's rows: anonymised, where the file is laid out so.
 * @throws when only one of key and layout is there: then rows must not pass as they are
 */
export function anonymized(
  format: RecordFormat,
  sections: readonly SectionLayout[],
  anonymizing: Anonymizing | undefined,
): RecordFormat {
  const treatments = new Map(
    sections.flatMap(({ shape, anonymize }) =>
      anonymize === undefined ? [] : [[shape, anonymize] as const],
    ),
  );
  if (treatments.size === 0 && anonymizing === undefined) return format;
  if (anonymizing === undefined) throw new Error('An anonymised export needs a key.');
  return createAnonymizer(format, { ...anonymizing, treatments });
}

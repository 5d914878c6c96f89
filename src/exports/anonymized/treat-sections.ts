import { type SectionTreatments, treatmentOf } from '../../anonymize/treatments.ts';
import { knownPeopleColumn } from '../../catalog/known-people.ts';
import type { Selection } from '../../catalog/stream-sql.ts';
import type { ExportPlan } from '../plan-export.ts';

const columnsOf = ({ dataset, columns = dataset.columns }: Selection) => columns;

/** Of an anonymised export: the records with a last column, never shown, that tells whom each is about. */
export function withKnownPeople({ anonymize }: ExportPlan, records: Selection): Selection {
  const known = anonymize === true ? knownPeopleColumn(records.dataset.table) : undefined;
  return known === undefined ? records : { ...records, columns: [...columnsOf(records), known] };
}

/** How the columns of a section's records and lists are anonymised; nothing in an export that is not. */
export function treatSection(
  { anonymize }: ExportPlan,
  records: Selection,
  lists: readonly Selection[],
): { anonymize?: SectionTreatments } {
  if (anonymize !== true) return {};
  const shown = columnsOf(records);
  const isKnown = knownPeopleColumn(records.dataset.table) !== undefined;
  return {
    anonymize: {
      record: shown.map(treatmentOf),
      lists: lists.map((list) => columnsOf(list).map(treatmentOf)),
      // Field 0 is the key; after the shown ones comes whom it is about.
      ...(isKnown ? { knownField: shown.length + 1 } : {}),
    },
  };
}

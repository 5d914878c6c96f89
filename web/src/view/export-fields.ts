import { type ExportChoice, isRecordId } from '../export-address.ts';
import type { ExportKind } from '../export-kinds.ts';
import { filterFields } from './filter-fields.ts';
import { h } from './h.ts';
import { segments } from './segments.ts';
import { textField } from './text-field.ts';

interface ExportFields {
  element: HTMLElement;
  /** What is chosen; undefined when something is missing or wrong, which the field then says. */
  read: () => ExportChoice | undefined;
}

/** The choices of one kind of export. Those that a format does not have are hidden with it. */
export function exportFields(kind: ExportKind): ExportFields {
  const forms = segments(
    'Format',
    kind.forms.map(({ id, label, about }) => [id, label, about]),
    () => showForm(),
  );
  const csvProfile = segments('CSV for', [
    ['spreadsheet', 'Spreadsheets', 'Safe to open: cells that look like formulas are kept from running.'],
    ['machine', 'Programs', 'Byte for byte what the records say.'],
  ]);
  const contactProfile =
    kind.kind === 'contact'
      ? segments('Made for', [
          ['record', 'Our records', 'Complete, with internal notes marked as such.'],
          ['subject', 'The person', 'Without internal notes; teammates by their role only.'],
        ])
      : undefined;
  const filter = kind.kind === 'conversations' ? filterFields() : undefined;
  const recordId =
    kind.idLabel === undefined
      ? undefined
      : textField({ label: kind.idLabel, help: 'The id that your product gave it.', required: true });

  const chosenForm = () => kind.forms.find(({ id }) => id === forms.value()) ?? kind.forms[0];
  function showForm(): void {
    csvProfile.element.hidden = chosenForm().format !== 'csv';
  }
  showForm();

  return {
    element: h(
      'div',
      { class: 'fields' },
      recordId?.element,
      forms.element,
      csvProfile.element,
      contactProfile?.element,
      filter?.element,
    ),
    read: () => {
      const id = recordId?.value() ?? '';
      recordId?.complain(isRecordId(id) ? '' : 'Enter an id, as it stands in your product.');
      const chosen = filter?.read();
      if ((recordId && !isRecordId(id)) || (filter && chosen === undefined)) return undefined;
      return {
        kind: kind.kind,
        form: chosenForm(),
        csvProfile: csvProfile.value() === 'machine' ? 'machine' : 'spreadsheet',
        ...(contactProfile && {
          contactProfile: contactProfile.value() === 'subject' ? 'subject' : 'record',
        }),
        ...(chosen && { filter: chosen }),
        ...(recordId && { recordId: id }),
      };
    },
  };
}

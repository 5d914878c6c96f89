import type { Schema } from '../../api/client.ts';
import type { WantedExport } from '../order/export-order.ts';

/** An export as the dialog takes it, to be made again with changes; undefined: the dialog does not make its kind. */
export function orderOfExport({ job_id: rerunOf, order }: Schema<'Export'>): WantedExport | undefined {
  const { kind, id, filter, format, mode, profile, fields, for: form, files, anonymize } = order;
  if (kind === 'conversation') return undefined;
  const settings = { format, mode, profile, fields, for: form, files, anonymize };
  return {
    kind,
    rerunOf,
    ...(id === undefined ? {} : { contactId: id }),
    ...(filter === undefined ? {} : { filter }),
    settings: Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)),
  };
}

import {
  type KindOptions,
  type Order,
  orderOf,
  type OrderSettings,
  usualSettings,
  type WantedExport,
} from '../../exports/order/export-order.ts';

/** What a schedule can have exported here; one record or a selection is asked for through the API only. */
export type ScheduledKind = Exclude<WantedExport['kind'], 'contact'>;

/** Whether the form can say everything that an order says. */
export function isPlain(order: Order): order is Order & { kind: ScheduledKind } {
  const { kind, id, ids, field_set: fieldSet } = order;
  return (
    kind !== 'conversation' && kind !== 'contact' && [id, ids, fieldSet].every((part) => part === undefined)
  );
}

/** The choices of the form that give an order. */
export function settingsOf(order: Order, options: KindOptions): OrderSettings {
  const usual = usualSettings(options);
  const ndjson = options.formats.find(({ format }) => format === 'ndjson')?.format;
  return {
    ...usual,
    // Left out, the server takes NDJSON where the kind has it.
    format: order.format ?? ndjson ?? usual.format,
    mode: order.mode ?? usual.mode,
    profile: order.profile ?? 'machine',
    fields: order.fields ?? null,
    files: order.files === true,
    anonymize: order.anonymize === true,
    keepDays: order.keep_days ?? null,
    tells: order.notify ?? [],
  };
}

/** The order that the form's choices give. */
export function requestFrom(
  kind: ScheduledKind,
  filter: Order['filter'],
  settings: OrderSettings,
  options: KindOptions,
): Order {
  const viewer = { mayHaveRecord: false, email: undefined };
  return orderOf({ kind, filter }, settings, options, viewer);
}

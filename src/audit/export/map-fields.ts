import type { JsonObject, JsonValue } from '../../canonical-json.ts';
import type { PlacedEvent } from '../check-event.ts';
import { type EventView, viewEvent } from '../read/view-event.ts';

/** What a field of a profile is made from. */
export interface FieldSource {
  view: EventView;
  placed: PlacedEvent;
}

/** A mapping to another product's event format: its fields, dots for levels, and where each comes from. */
export type FieldMap = readonly {
  field: string;
  /** For the docs. */
  from: string;
  /** Undefined or null: the field is left out. */
  value: (source: FieldSource) => JsonValue | undefined;
}[];

/** An event in the form that a map describes. */
export function mapFields(map: FieldMap, placed: PlacedEvent): JsonObject {
  const source = { view: viewEvent(placed), placed };
  const root: Record<string, JsonValue> = {};
  for (const { field, value } of map) {
    const found = value(source);
    if (found === undefined || found === null) continue;
    const path = field.split('.');
    const last = path.pop()!;
    let into = root;
    for (const step of path) into = (into[step] ??= {}) as Record<string, JsonValue>;
    into[last] = found;
  }
  return root;
}

/** The map as a table, for the docs. */
export function fieldTable(map: FieldMap): string {
  const rows = map.map(({ field, from }) => `| \`${field}\` | ${from} |\n`);
  return `| Field | From |\n| --- | --- |\n${rows.join('')}`;
}

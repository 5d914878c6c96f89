import { canonicalJson } from '../../canonical-json.ts';
import type { PlacedEvent } from '../check-event.ts';
import { type EventView, viewEvent } from '../read/view-event.ts';
import { recordText } from './event-record.ts';

/** Columns of the CSV, in order: those of K-15, then those of the chain (contract §2). */
export const csvColumns: readonly {
  name: string;
  cell: (event: EventView, placed: PlacedEvent) => string;
}[] = [
  { name: 'Timestamp', cell: ({ at }) => at.replace(/\.\d{3}Z$/, '+00:00') },
  { name: 'Actor', cell: actorCell },
  { name: 'Action', cell: ({ action }) => action },
  { name: 'Target type', cell: ({ target }) => pascalCase(target.type) },
  { name: 'Target id', cell: ({ target }) => target.ref },
  { name: 'IP', cell: ({ ip }) => ip ?? '' },
  { name: 'Changes', cell: ({ changes }) => (changes === null ? '' : canonicalJson(changes)) },
  { name: 'Seq', cell: (_, { seq }) => seq },
  { name: 'Hash', cell: ({ hash }) => hash },
  { name: 'Previous hash', cell: (_, { prevHash }) => prevHash },
  { name: 'Record', cell: (_, placed) => recordText(placed) },
];

/** An event's cells. */
export function cellsOf(placed: PlacedEvent): string[] {
  const view = viewEvent(placed);
  return csvColumns.map(({ cell }) => cell(view, placed));
}

/** The display name, or `system`; once the name is erased, the ref, which stays. */
function actorCell({ actor, actor_name: name }: EventView): string {
  return name ?? (actor.type === 'system' ? 'system' : actor.ref);
}

/** `api_key` as K-15 shows target types: `ApiKey`. */
function pascalCase(type: string): string {
  return type.replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

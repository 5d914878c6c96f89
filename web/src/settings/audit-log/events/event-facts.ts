import type { Schema } from '../../../api/client.ts';

export type AuditEvent = Schema<'AuditEvent'>;
export type AuditAction = Schema<'AuditAction'>['action'];

/** What the sentence about an event may tell; what an event does not say, or was erased, is undefined. */
export interface EventFacts {
  /** Who or what it was done to, as people call it. */
  name: string | undefined;
  /** A text or number among the details. */
  detail: (key: string) => string | undefined;
  /** What a field became. */
  after: (field: string) => string | undefined;
  /** Names of the settings that changed. */
  fields: string | undefined;
}

/** Picks from an event what a sentence may need. */
export function factsOf({ details, personal, changes }: AuditEvent): EventFacts {
  const said = asObject(details);
  const names = asObject(personal['names']);
  const fields = said['fields'];
  return {
    name: textOf(
      names['member'] ?? names['api_key'] ?? personal['email'] ?? asObject(personal['schedule'])['name'],
    ),
    detail: (key) => textOf(said[key]),
    after: (field) => textOf(asObject(changes?.[field])['after']),
    fields: Array.isArray(fields) && fields.length > 0 ? fields.join(', ') : undefined,
  };
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

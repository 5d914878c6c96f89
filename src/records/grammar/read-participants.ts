import { readId, takes } from './read-field.ts';

/** Contact and role. */
export type Participant = readonly [contactId: string, role: string | null];

/**
 * Reads `participants: [{contact_id, role}]`; of two with one contact the last counts. Gives back, for
 * `attributes`, what else was said of them.
 */
export function readParticipants(value: unknown): {
  participants: Participant[];
  rest: object[] | undefined;
} {
  if (value === null) return { participants: [], rest: undefined };
  if (!Array.isArray(value)) throw takes('participants', 'a list of {contact_id, role}');
  const roles = new Map<string, string | null>();
  const rest: object[] = [];
  value.forEach((one: unknown, index) => {
    const field = `participants[${index}]`;
    if (typeof one !== 'object' || one === null || Array.isArray(one)) throw takes(field, 'an object');
    const { contact_id: contactId, role = null, ...more } = one as Record<string, unknown>;
    const id = readId(contactId, `${field}.contact_id`);
    if (role !== null && typeof role !== 'string') throw takes(`${field}.role`, 'text');
    roles.set(id, role);
    if (Object.keys(more).length > 0) rest.push({ contact_id: id, ...more });
  });
  return { participants: [...roles], rest: rest.length > 0 ? rest : undefined };
}

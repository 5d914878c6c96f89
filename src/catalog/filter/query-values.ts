import { z } from 'zod';
import { literal } from '../../database/literal.ts';

// Values of filters, each taken alike from a query, where everything is text, and from JSON.

const MOST_WORDS = 1000;

/**
 * A word, or a list of at most `most` of them: a query parameter that may be repeated, or a JSON array. An empty list
 * is refused, for it would mean nothing to one reader and everything to another.
 */
export function oneOrMore<const Word extends string = string>(
  doc: string,
  { values, most = MOST_WORDS }: { values?: readonly Word[]; most?: number } = {},
) {
  const word = (values === undefined ? z.string() : z.enum(values)) as unknown as z.ZodType<Word>;
  return z
    .union([word, z.array(word).min(1).max(most)])
    .transform((value): Word[] => (Array.isArray(value) ? value : [value]))
    .optional()
    .describe(doc);
}

/** Words that may be numbers in JSON, as text. */
export function oneOrMoreScores(doc: string) {
  const score = z.union([z.string(), z.number()]);
  return z
    .union([z.string(), z.number(), z.array(score).min(1).max(MOST_WORDS)])
    .transform((value) => (Array.isArray(value) ? value : [value]).map(String))
    .optional()
    .describe(doc);
}

/** A time or date as PostgreSQL takes it too: it knows no year 0 and no offset of 16 hours or more. */
export function moment(doc: string) {
  return z
    .union([z.iso.datetime({ offset: true }), z.iso.date()])
    .refine((text) => !text.startsWith('0000') && !/[+-](1[6-9]|2\d):\d\d$/.test(text), {
      error: 'takes a year from 0001 on, and an offset of less than 16 hours',
    })
    .optional()
    .describe(doc);
}

/** A moment as SQL. A bare date begins at midnight UTC, whatever zone the server's sessions are in. */
export function momentSql(value: string): string {
  return `${literal(value.includes('T') ? value : `${value}T00:00:00Z`)}::timestamptz`;
}

/** When a record began, as query parameters. */
export const periodQuery = {
  since: moment('Begun at or after this time or date (UTC).'),
  until: moment('Begun before this time or date (UTC).'),
};

/** A number. */
export function amount(doc: string) {
  return z
    .union([z.number(), z.string().regex(/^-?\d{1,9}(\.\d{1,9})?$/, { error: 'takes a number' })])
    .transform(Number)
    .optional()
    .describe(doc);
}

/** True or false. */
export function flag(doc: string) {
  return z
    .union([z.boolean(), z.enum(['true', 'false'])])
    .transform((value) => value === true || value === 'true')
    .optional()
    .describe(doc);
}

/** A text that is looked for: it needs a letter or a digit. */
export function searchText(doc: string, mostCharacters: number) {
  return z
    .string()
    .max(mostCharacters)
    .regex(/[\p{L}\p{N}]/u, { error: 'takes at least one word' })
    .optional()
    .describe(doc);
}

/** One text. */
export function oneText(doc: string) {
  return z.string().optional().describe(doc);
}

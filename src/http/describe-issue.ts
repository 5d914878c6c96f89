import type { z } from 'zod';

type Issue = z.core.$ZodRawIssue;

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
};

const FORMATS: Readonly<Record<string, string>> = {
  datetime: 'a time like 2026-01-31T12:00:00Z',
  date: 'a date like 2026-01-31',
  time: 'a time of day like 12:00:00',
  email: 'an email address',
  url: 'an address like https://example.com',
  regex: 'text of another form',
};

const UNITS: Readonly<Record<string, readonly [one: string, many: string]>> = {
  string: ['character', 'characters'],
  array: ['entry', 'entries'],
  set: ['entry', 'entries'],
  object: ['entry', 'entries'],
};

/** Of a union that does not say itself what it takes. */
export const SOMETHING_ELSE = 'takes something else';

/**
 * What a value must be, as a sentence whose subject is the field (“takes at most 5 entries”), instead of zod's own
 * words. Never says what came. Undefined: the schema says it itself, or there is nothing to say.
 */
export function describeIssue(issue: Issue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return `takes ${TYPES[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return issue.values.length === 1
        ? `takes ${String(issue.values[0])}`
        : `takes one of ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return `takes ${issue.inclusive === false ? 'more than' : issue.exact ? 'exactly' : 'at least'} ${amount(issue.origin, issue.minimum)}`;
    case 'too_big':
      return `takes ${issue.inclusive === false ? 'less than' : issue.exact ? 'exactly' : 'at most'} ${amount(issue.origin, issue.maximum)}`;
    case 'invalid_format':
      return `takes ${FORMATS[issue.format] ?? 'text of another form'}`;
    case 'not_multiple_of':
      return `takes multiples of ${issue.divisor}`;
    case 'invalid_key':
      return 'takes other names';
    case 'invalid_union':
    case 'invalid_element':
      return SOMETHING_ELSE;
    default:
      return undefined;
  }
}

/** Of alternatives none of which fits: those of the right type, or all of them, in one sentence. */
export function joinAlternatives(issues: readonly { code: string; message: string }[]): string {
  const ofType = issues.filter(({ code }) => code !== 'invalid_type');
  const told = new Set((ofType.length > 0 ? ofType : issues).map(({ message }) => message));
  return [...told]
    .map((message, index) => (index === 0 ? message : message.replace(/^takes /, '')))
    .join(', or ');
}

function amount(origin: string, count: number | bigint): string {
  const unit = UNITS[origin]?.[count === 1 ? 0 : 1];
  return unit === undefined ? String(count) : `${count} ${unit}`;
}

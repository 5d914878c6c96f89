import { z } from 'zod';

/** The types of ingest records (contract §2a). */
export const recordTypes = [
  'account',
  'workspace_membership',
  'subscription',
  'contact',
  'conversation',
  'message',
  'event',
  'ticket',
  'ticket_message',
  'knowledge_source',
  'flow',
  'file',
  'memory',
] as const;

const path = z.string().min(1, 'takes the name of a column or a path such as "a.b.0"').max(300);
const conversions = ['text', 'number', 'boolean', 'json', 'time', 'utc-time', 'unix-s', 'unix-ms'] as const;

export type Conversion = (typeof conversions)[number];

/** What a field is made of; exactly one of the keys says which kind it is. A bare string is a template. */
export type ValueSpec =
  | string
  | ({ from: string; empty?: 'keep' | undefined } & Finish)
  | ({ template: string } & Finish)
  | ({ join: string; on: string; take: string; missing?: 'reject' | 'omit' | undefined } & Finish)
  | { constant: unknown }
  | { time: TimeSpec }
  | { list: ValueSpec[] }
  | { object: Record<string, ValueSpec> };

/** What is done to a value once it has been found, in this order. */
export interface Finish {
  otherwise?: ValueSpec | null | undefined;
  values?: Record<string, unknown> | undefined;
  split?: string | undefined;
  as?: Conversion | undefined;
  required?: boolean | undefined;
}

const valueKinds: Record<string, z.ZodType> = {};

/**
 * A union whose messages are about the kind that was meant: zod's own would list why each of the eight
 * kinds does not fit.
 */
const value: z.ZodType<ValueSpec> = z.unknown().transform((input, context): ValueSpec => {
  if (typeof input === 'string') return input;
  const keys = typeof input === 'object' && input !== null && !Array.isArray(input) ? Object.keys(input) : [];
  const kinds = keys.filter((key) => Object.hasOwn(valueKinds, key));
  if (kinds.length !== 1) {
    const message = `takes a template string or an object with exactly one of ${Object.keys(valueKinds).join(', ')}`;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  }
  const parsed = valueKinds[kinds[0]!]!.safeParse(input);
  if (parsed.success) return parsed.data as ValueSpec;
  for (const issue of parsed.error.issues) {
    context.addIssue({ code: 'custom', message: describeIssue(issue), path: issue.path });
  }
  return z.NEVER;
});

/** What a zod issue says, in the words of the rest of these messages. */
export function describeIssue(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys')
    return `does not know ${issue.keys.map((key) => `"${key}"`).join(', ')}`;
  if (issue.code === 'invalid_key') return issue.issues[0]?.message ?? issue.message;
  return issue.message;
}

const finish = {
  otherwise: value.nullish(),
  values: z.record(z.string(), z.unknown()).optional(),
  split: z.string().min(1).optional(),
  as: z.enum(conversions).optional(),
  required: z.boolean().optional(),
};

const time = z.strictObject({
  base: z.iso.datetime({ offset: true, error: 'takes a time such as 2026-01-05T09:00:00Z' }),
  stepSeconds: z.number().min(0).max(86_400).optional(),
  by: path.optional(),
  spread: z.strictObject({ by: path, days: z.number().min(1).max(36_500) }).optional(),
});
export type TimeSpec = z.infer<typeof time>;

const name = /^[A-Za-z][A-Za-z0-9_]*$/;
const fieldName = z.string().regex(name, 'takes names of letters, digits and _');

valueKinds['from'] = z.strictObject({ from: path, empty: z.literal('keep').optional(), ...finish });
valueKinds['template'] = z.strictObject({ template: z.string(), ...finish });
valueKinds['join'] = z.strictObject({
  join: z.string(),
  on: path,
  take: path,
  missing: z.enum(['reject', 'omit']).optional(),
  ...finish,
});
valueKinds['constant'] = z.strictObject({ constant: z.unknown() });
valueKinds['time'] = z.strictObject({ time });
valueKinds['list'] = z.strictObject({ list: z.array(value).min(1).max(100) });
valueKinds['object'] = z.strictObject({ object: z.record(fieldName, value) });

const scalar = z.union([z.string(), z.number(), z.boolean()], 'takes strings, numbers, true or false');
const tests = {
  from: path,
  in: z.array(scalar).min(1).optional(),
  notIn: z.array(scalar).min(1).optional(),
  present: z.boolean().optional(),
};
export interface Condition {
  from: string;
  in?: (string | number | boolean)[] | undefined;
  notIn?: (string | number | boolean)[] | undefined;
  present?: boolean | undefined;
}
const hasOneTest = (it: Condition): boolean =>
  [it.in, it.notIn, it.present].filter((test) => test !== undefined).length === 1;
const oneTest = { error: 'takes exactly one of in, notIn, present' };
const condition = z.strictObject(tests).refine(hasOneTest, oneTest);
const skip = z.strictObject({ each: path.optional(), ...tests }).refine(hasOneTest, oneTest);

/** `body`, or `author.id` for a field inside an object. */
const target = z
  .string()
  .regex(
    /^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*){0,4}$/,
    'takes field names such as body or author.id',
  )
  .refine((it) => it !== 'type' && it !== 'id' && it !== 'op', {
    error: 'is said beside fields, not in it',
  });

const rule = z.strictObject({
  type: z.enum(recordTypes, `takes one of ${recordTypes.join(', ')}`),
  op: z.enum(['upsert', 'patch']).optional(),
  each: path.optional(),
  when: condition.optional(),
  once: z.union([z.literal(true), z.literal('consecutive')], 'takes true or "consecutive"').optional(),
  id: value,
  fields: z.record(target, value),
  rest: target.optional(),
});
export type Rule = z.infer<typeof rule>;

const join = z.strictObject({
  file: z.string().min(1).max(255),
  format: z.enum(['csv', 'tsv', 'jsonl', 'json']),
  key: path,
});
export type JoinSpec = z.infer<typeof join>;

/** A map: how rows of a foreign file become ingest records. `samples/maps/README.md` describes it for users. */
export const importMap = z.strictObject({
  about: z.string().optional(),
  table: z
    .strictObject({
      delimiter: z
        .string()
        .regex(/^[\t -~]$/, 'takes one ASCII character')
        .optional(),
      quote: z.literal(false).optional(),
      columns: z.array(z.string().min(1)).min(1).optional(),
    })
    .optional(),
  joins: z.record(z.string().regex(name, 'takes names of letters, digits and _'), join).optional(),
  skip: z.array(skip).optional(),
  emit: z.array(rule).min(1, 'takes at least one rule').max(50),
});
export type ImportMap = z.infer<typeof importMap>;

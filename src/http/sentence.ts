import { z } from 'zod';

const MARK = 'x-translated';

/**
 * In a reply's schema: one of the program's own sentences for people, told in the language that the request asks for
 * (docs/languages.md). What programs read (codes, names, data) is a plain string.
 */
export function sentence(): z.ZodString {
  return z.string().meta({ [MARK]: true });
}

/** Says a sentence in some language. */
export type Say = (sentence: string) => string;

/** Gives a value of one schema with its sentences said. */
export type SayAll = (value: unknown, say: Say) => unknown;

/** How to say the sentences of a schema's values; undefined: it has none. */
export function findSentences(schema: unknown, within: readonly unknown[] = []): SayAll | undefined {
  if (within.includes(schema)) return undefined; // a shape that holds itself
  const find = (inner: unknown) => findSentences(inner, [...within, schema]);
  if (schema instanceof z.ZodNullable || schema instanceof z.ZodOptional) return find(schema.unwrap());
  if (schema instanceof z.ZodArray) {
    const each = find(schema.element);
    return each && ((list, say) => (Array.isArray(list) ? list.map((one) => each(one, say)) : list));
  }
  if (schema instanceof z.ZodObject) return sayMembers(schema.shape, find);
  const isMarked = schema instanceof z.ZodString && z.globalRegistry.get(schema)?.[MARK] === true;
  return isMarked ? (text, say) => (typeof text === 'string' ? say(text) : text) : undefined;
}

function sayMembers(
  shape: Readonly<Record<string, unknown>>,
  find: (schema: unknown) => SayAll | undefined,
): SayAll | undefined {
  const members = Object.entries(shape).flatMap(([name, schema]) => {
    const sayAll = find(schema);
    return sayAll === undefined ? [] : [{ name, sayAll }];
  });
  if (members.length === 0) return undefined;
  return (value, say) => {
    if (typeof value !== 'object' || value === null) return value;
    const said: Record<string, unknown> = { ...value };
    for (const { name, sayAll } of members) if (name in said) said[name] = sayAll(said[name], say);
    return said;
  };
}

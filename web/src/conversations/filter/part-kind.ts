import { alternativesOf, takesText, type ValueSchema } from '../../api/json-schema.ts';

/** How a part of the filter is asked for. */
export type PartKind = 'choices' | 'words' | 'text' | 'moment' | 'number' | 'flag';

/** What a part takes, read off its schema. */
export function kindOf(schema: ValueSchema): PartKind {
  const alternatives = alternativesOf(schema);
  if (alternatives.some(({ type }) => type === 'boolean')) return 'flag';
  if (alternatives.some(({ format }) => format === 'date')) return 'moment';
  if (alternatives.some(({ type }) => type === 'array'))
    return alternatives.some((one) => one.enum !== undefined) ? 'choices' : 'words';
  return alternatives.some(({ type }) => type === 'number') ? 'number' : 'text';
}

/** The words that a part can be one of; none where any will do. */
export function choicesOf(schema: ValueSchema): readonly string[] {
  return alternativesOf(schema).find((one) => one.enum !== undefined)?.enum ?? [];
}

/** A value as the part takes it, from an address or a saved view; undefined for what it does not take. */
export function readValue(schema: ValueSchema, value: unknown): unknown {
  const isPlain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  switch (kindOf(schema)) {
    case 'flag':
      return String(value) === 'true' ? true : String(value) === 'false' ? false : undefined;
    case 'number':
      return isPlain && value !== '' && Number.isFinite(Number(value)) ? Number(value) : undefined;
    case 'text':
    case 'moment': {
      const text = isPlain ? String(value).trim() : '';
      return text !== '' && takesText(schema, text) ? text : undefined;
    }
    case 'choices':
    case 'words': {
      const words = [value]
        .flat()
        .filter((word) => typeof word === 'string' || typeof word === 'number')
        .map((word) => String(word).trim())
        .filter((word) => word !== '' && takesText(schema, word));
      return words.length === 0 ? undefined : [...new Set(words)];
    }
  }
}

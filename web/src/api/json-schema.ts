/** What forms need of a JSON Schema of the API (`virtual:api-schema/<Name>`). */
export interface ValueSchema {
  type?: string | readonly string[];
  anyOf?: readonly ValueSchema[];
  enum?: readonly string[];
  format?: string;
  pattern?: string;
  maxItems?: number;
  maxLength?: number;
  description?: string;
}

/** An object's. */
export interface ObjectSchema {
  properties: Readonly<Record<string, ValueSchema>>;
}

/** The alternatives that a value may be, itself where there are none. */
export function alternativesOf(schema: ValueSchema): readonly ValueSchema[] {
  return schema.anyOf ?? [schema];
}

/** Whether a text is taken as it is. */
export function takesText(schema: ValueSchema, text: string): boolean {
  return alternativesOf(schema).some(
    ({ type, pattern, enum: words }) =>
      type === 'string' &&
      (pattern === undefined || new RegExp(pattern, 'u').test(text)) &&
      (words === undefined || words.includes(text)),
  );
}

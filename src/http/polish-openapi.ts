import { STATUS_CODES } from 'node:http';
import { z } from 'zod';

/** How zod's schemas become JSON Schema where its own way would promise too much. */
export const zodToJsonConfig = {
  override: ({ zodSchema, jsonSchema }: { zodSchema: unknown; jsonSchema: Record<string, unknown> }) => {
    // Replies may gain fields within a version, so a reply's schema stays open unless it says otherwise.
    if (zodSchema instanceof z.ZodObject && zodSchema.def.catchall === undefined) {
      delete jsonSchema['additionalProperties'];
    }
    if (zodSchema instanceof z.ZodDate) Object.assign(jsonSchema, { type: 'string', format: 'date-time' });
    // “Any safe integer” is no limit worth printing.
    if (jsonSchema['maximum'] === Number.MAX_SAFE_INTEGER) delete jsonSchema['maximum'];
    if (jsonSchema['minimum'] === Number.MIN_SAFE_INTEGER) delete jsonSchema['minimum'];
  },
};

/** Takes out component schemas that nothing refers to: each is made for requests and for replies. */
export function dropUnusedSchemas<Document extends object>(document: Document): Document {
  const schemas =
    (document as { components?: { schemas?: Record<string, unknown> } }).components?.schemas ?? {};
  for (;;) {
    const text = JSON.stringify(document);
    const unused = Object.keys(schemas).filter((name) => !text.includes(`"#/components/schemas/${name}"`));
    if (unused.length === 0) return document;
    for (const name of unused) delete schemas[name];
  }
}

/** Gives each response without a description the name of its status. */
export function nameResponses<Document extends object>(document: Document): Document {
  const { paths = {} } = document as {
    paths?: Record<string, Record<string, { responses?: Record<string, { description: string }> }>>;
  };
  for (const operation of Object.values(paths).flatMap((path) => Object.values(path))) {
    for (const [status, response] of Object.entries(operation.responses ?? {})) {
      if (response.description === 'Default Response') response.description = STATUS_CODES[status] ?? status;
    }
  }
  return document;
}

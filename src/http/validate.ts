import type { FastifySchemaCompiler } from 'fastify';
import { z } from 'zod';
import { ConveyError, type FieldProblem } from '../errors.ts';
import { describeIssue, joinAlternatives, SOMETHING_ELSE } from './describe-issue.ts';
import { badRequest } from './http.errors.ts';

const MOST_PROBLEMS = 50;
const MOST_LEVELS = 100;

/**
 * Checks one part of a request against its zod schema. Keys that the schema does not name are refused, not
 * dropped: a misspelt filter would otherwise export everything. Problems say what is taken, never what came.
 */
export const compileValidator: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart }) => {
  const isClosed = httpPart === 'querystring' || httpPart === 'body';
  const strict = isClosed && schema instanceof z.ZodObject && !schema.def.catchall ? schema.strict() : schema;
  return (data: unknown) => {
    const inBody = httpPart === 'body';
    const badText = findBadText(data, inBody);
    if (badText.length > 0) return refuse(badText);
    const result = strict.safeParse(data, { error: describeIssue });
    if (result.success) return { value: result.data };
    const fields = result.error.issues.flatMap((issue) => problemsOf(issue, data, schema, inBody));
    return refuse(fields.slice(0, MOST_PROBLEMS));
  };
};

/** Wrapped, because Fastify writes a `code` of its own onto what a validator returns. */
function refuse(fields: FieldProblem[]): { error: Error } {
  const cause = new ConveyError(badRequest, undefined, { fields });
  return { error: new Error(cause.message, { cause }) };
}

function pointerTo(path: readonly PropertyKey[], inBody: boolean): string {
  if (!inBody) return String(path[0] ?? '');
  return path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  let value = data;
  for (const key of path) value = (value as Record<PropertyKey, unknown> | null | undefined)?.[key];
  return value;
}

function problemsOf(
  issue: z.core.$ZodIssue,
  data: unknown,
  schema: z.ZodType,
  inBody: boolean,
): FieldProblem[] {
  const pointer = pointerTo(issue.path, inBody);
  if (issue.code === 'unrecognized_keys') {
    const isRoot = issue.path.length === 0 && schema instanceof z.ZodObject;
    const known = isRoot ? Object.keys(schema.shape) : undefined;
    const takes =
      known === undefined ? '' : known.length === 0 ? '; takes none' : `; takes ${known.join(', ')}`;
    return issue.keys.map((key) => ({
      pointer: pointerTo([...issue.path, key], inBody),
      detail: `is not known here${takes}`,
    }));
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    if (issue.errors.every((branch) => branch.length === 1 && branch[0]!.path.length === 0)) {
      const message =
        issue.message === SOMETHING_ELSE ? joinAlternatives(issue.errors.flat()) : issue.message;
      const value = valueAt(data, issue.path);
      return [{ pointer, detail: value === undefined ? `is missing; ${message}` : message }];
    }
    // The branch that came closest: the fewest complaints.
    const nearest = issue.errors.reduce((best, branch) => (branch.length < best.length ? branch : best));
    return nearest.flatMap((inner) =>
      problemsOf({ ...inner, path: [...issue.path, ...inner.path] }, data, schema, inBody),
    );
  }
  const value = valueAt(data, issue.path);
  if (!inBody && Array.isArray(value) && issue.code === 'invalid_type') {
    return [{ pointer, detail: 'is given more than once; takes one value' }];
  }
  const { message } = issue;
  return [{ pointer, detail: value === undefined ? `is missing; ${message}` : message }];
}

/**
 * Texts that PostgreSQL cannot hold (NUL) or that would silently change on the way into it (an unpaired
 * surrogate, which JSON can write as `\ud800`). Without recursion, so that depth costs no stack.
 */
function findBadText(data: unknown, inBody: boolean): FieldProblem[] {
  const found: FieldProblem[] = [];
  const rest: { value: unknown; path: readonly string[] }[] = [{ value: data, path: [] }];
  for (let next = rest.pop(); next !== undefined && found.length < MOST_PROBLEMS; next = rest.pop()) {
    const { value, path } = next;
    if (typeof value === 'string' && !isGoodText(value)) {
      found.push({ pointer: pointerTo(path, inBody), detail: 'takes well-formed text without NUL' });
    } else if (typeof value === 'object' && value !== null) {
      if (path.length === MOST_LEVELS)
        return [{ pointer: '', detail: `takes at most ${MOST_LEVELS} levels` }];
      for (const [key, child] of Object.entries(value)) {
        if (isGoodText(key)) rest.push({ value: child, path: [...path, key] });
        else
          found.push({
            pointer: pointerTo(path, inBody),
            detail: 'takes keys of well-formed text without NUL',
          });
      }
    }
  }
  return found;
}

function isGoodText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

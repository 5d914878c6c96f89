import { readFile, stat } from 'node:fs/promises';
import { ConveyError, type FieldProblem } from '../../../errors.ts';
import { badMap, noSuchFile } from '../import.errors.ts';
import { describeIssue, type ImportMap, importMap } from './map.schemas.ts';
import { parseJson } from '../../../parse-json.ts';

const MAX_MAP_BYTES = 1024 * 1024;

/**
 * Reads and checks a map file.
 * @throws `import.no_such_file`, `import.bad_map` (`fields` holds a JSON pointer for each problem)
 */
export async function readImportMap(path: string): Promise<ImportMap> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) throw new ConveyError(noSuchFile, 'The map file was not found.');
  if (found.size > MAX_MAP_BYTES) throw new ConveyError(badMap, `It is longer than ${MAX_MAP_BYTES} bytes.`);
  const text = await readFile(path, 'utf8');
  try {
    return parseImportMap(parseJson(text.replace(/^\ufeff/, '')));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new ConveyError(badMap, `It is not valid JSON: ${error.message}.`, { cause: error });
  }
}

/** Checks a parsed map; every problem is named with its place, such as `emit[1].fields.body`. */
export function parseImportMap(input: unknown): ImportMap {
  const parsed = importMap.safeParse(input);
  if (!parsed.success) throw mapError(parsed.error.issues.map((issue) => [issue.path, describeIssue(issue)]));
  const problems = parsed.data.emit.flatMap((rule, index) =>
    findClashes([...Object.keys(rule.fields), ...(rule.rest === undefined ? [] : [`${rule.rest}.*`])]).map(
      (message): Problem => [['emit', index, 'fields'], message],
    ),
  );
  if (problems.length > 0) throw mapError(problems);
  return parsed.data;
}

export type Problem = [path: PropertyKey[], message: string];

/** One `import.bad_map` for all problems: the first three in its sentence, all of them as pointers. */
export function mapError(problems: Problem[]): ConveyError {
  const fields: FieldProblem[] = problems.map(([path, detail]) => ({
    pointer: path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''),
    detail,
  }));
  const shown = problems.slice(0, 3).map(([path, message]) => `${placeOf(path)}: ${message}`);
  const more = problems.length > 3 ? `; and ${problems.length - 3} more` : '';
  return new ConveyError(badMap, `${shown.join('; ')}${more}.`, { fields });
}

function placeOf(path: PropertyKey[]): string {
  const place = path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : `${text}.${String(step)}`),
    '',
  );
  return place === '' ? 'the map' : place.replace(/^\./, '');
}

/** `a` and `a.b` cannot both be fields; `a.*` stands for the rest of the columns, which may join `a.b`. */
function findClashes(targets: string[]): string[] {
  return targets.flatMap((one) => {
    const plain = one.replace(/\.\*$/, '');
    const isRest = plain !== one;
    return targets
      .filter((other) => other !== one && (other.startsWith(`${one}.`) || (isRest && other === plain)))
      .map((other) => `"${plain}" and "${other.replace(/\.\*$/, '')}" cannot both be filled`);
  });
}

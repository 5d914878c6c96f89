import { ConveyError } from '../../errors.ts';
import { unverifiableFormat } from '../audit.errors.ts';

/** How the exports begin that do not hold what was hashed, or not in lines. Each by members that no other has. */
const BEGINNINGS: readonly (readonly [name: string, begins: RegExp])[] = [
  ['JSON', /^\s*\{(?:(?!"events")[^])*"kind"\s*:\s*"audit_log"/],
  ['ECS', /^\s*\{\s*"@timestamp"\s*:/],
  ['OCSF', /^\s*\{\s*"activity_id"\s*:/],
];

/**
 * Refuses our own exports that cannot be verified alone, so that none of them is called tampered with.
 * @param start the first characters of the file
 * @throws audit.unverifiable_format
 */
export function ensureVerifiable(start: string): void {
  if (start.startsWith('{"body":') || start.startsWith('{"_end":')) return; // NDJSON, whatever the texts in it say
  const found = BEGINNINGS.find(([, begins]) => begins.test(start));
  if (found !== undefined) throw new ConveyError(unverifiableFormat, `This one is ${found[0]}.`);
}

import { datasetsOf, type Manifest, type Part, type PartLayout } from './manifest.ts';
import { fingerprintOf, isPublicKey } from './signatures.ts';

/** Looks at one value; says what is wrong through `report`. `at` names the member, as in `parts[2].bytes`. */
type Form = (value: unknown, at: string, report: Report) => void;
type Report = (problem: string) => void;

/** Of a manifest that is nonsense nobody reads more. */
const MAX_MANIFEST_PROBLEMS = 100;

const text = pattern(/^[^\p{Cc}\p{Zl}\p{Zp}]{1,1000}$/u, 'is not a text of one line, up to 1,000 characters');
const id = pattern(/^[\w.:-]{1,200}$/, 'is not made of A-Z a-z 0-9 . : _ -');
const key = pattern(/^[\w.-]{1,100}$/, 'is not made of A-Z a-z 0-9 . _ -');
const fileName = pattern(/^[\w-][\w.-]{0,199}$/, 'is not a file name made of A-Z a-z 0-9 . _ -');
const dataName = pattern(
  /^(?=.{1,900}$)data(\/[\w-][\w.-]*)+$/,
  'is not “data/…” made of A-Z a-z 0-9 . _ -, no segment empty or beginning with a dot',
);
const sha256 = pattern(/^[0-9a-f]{64}$/, 'is not 64 lower-case hexadecimal digits');
const crc32Digits = pattern(/^[0-9a-f]{8}$/, 'is not 8 lower-case hexadecimal digits');
const fingerprint = pattern(/^sha256:[0-9a-f]{64}$/, 'is not “sha256:” and 64 lower-case hexadecimal digits');
const whole = check((value) => Number.isSafeInteger(value) && Number(value) >= 0, 'is not a whole number');
const time = check(isTime, 'is not a time in UTC with milliseconds, like 2026-11-21T10:00:00.000Z');
const counts = mapOf(key, whole);
const signature = base64Of((bytes) => bytes.length === 64, 'is not a signature of 64 bytes in Base64');
const publicKey = base64Of(isPublicKey, 'is not an Ed25519 SubjectPublicKeyInfo in Base64');
const record = objectOf({ dataset: key, lists: mapOf(undefined, key) });
const records = mapOf(undefined, record);
const layouts = {
  types: objectOf({ format: oneOf('ndjson'), types: records }),
  array: objectOf({ format: oneOf('json'), array: record }),
  sections: objectOf({ format: oneOf('json'), sections: records }),
  dataset: objectOf({ format: oneOf('csv'), dataset: key }),
  sheets: objectOf({ format: oneOf('xlsx'), sheets: mapOf(key, key) }),
  lines: objectOf({ format: oneOf('chat-jsonl'), lines: record }),
  document: objectOf({
    format: oneOf('documents'),
    document: key,
    as: pattern(/^(html|pdf)$/, 'is neither html nor pdf'),
  }),
  archive: objectOf({ format: oneOf('documents'), archive: arrayOf(key) }),
};
const partMembers = { part: whole, media_type: text, bytes: whole, sha256, crc32: crc32Digits, counts };
const packagedFile = objectOf({ name: dataName, ref: id, bytes: whole, sha256, crc32: crc32Digits });
const endorsement = objectOf({ by: fingerprint, public_key: publicKey, signature });

const members = {
  name: fileName,
  export: objectOf({ id, kind: key, format: key, requested_at: time }, { mode: key, profile: key }),
  product: text,
  workspace: objectOf({ id, slug: id, name: anyText }),
  snapshot_at: time,
  created_at: time,
  filter: mapOf(undefined, () => {}),
  fields: check((value) => value === null || typeof value === 'object', 'is neither null, array nor object'),
  audience: objectOf(
    { internal: check((value) => typeof value === 'boolean', 'is not true or false') },
    { audiences: nullOr(arrayOf(anyText)) },
  ),
  counts,
  missing_files: arrayOf(objectOf({ ref: id, reason: text }, { id: anyText, path: dataName })),
  left_out: arrayOf(objectOf({ what: text, why: text })),
  redactions: arrayOf(objectOf({ path: text, reason: text, count: whole })),
  signer: objectOf({
    algorithm: oneOf('Ed25519'),
    fingerprint,
    public_key: publicKey,
    endorsements: arrayOf(endorsement),
  }),
  software: objectOf({ name: text, version: text }),
};
const place = objectOf({ epoch: whole, xid: pattern(/^\d{1,20}$/, 'is not a decimal number') });
const link = { sequence: whole, from: nullOr(place), to: place, prev_manifest_sha256: nullOr(sha256) };
const chain = objectOf({ schedule: id, ...link, gaps: arrayOf(gapForm) });
const packageForm = objectOf(
  {
    ...members,
    type: oneOf('convey.package.v1'),
    parts: arrayOf(objectOf({ ...partMembers, name: dataName, layout: layoutForm })),
    files: arrayOf(packagedFile),
  },
  { chain, anonymized: text },
);
const receiptForm = objectOf(
  {
    ...members,
    type: oneOf('convey.receipt.v1'),
    parts: arrayOf(objectOf({ ...partMembers, name: fileName, layout: receiptLayout })),
    files: arrayOf(packagedFile),
  },
  { anonymized: text },
);

/**
 * Checks every member of a manifest against docs/package.md: type, form, no member unknown, names safe and
 * different, counts that add up, the signer's fingerprint its key's.
 * @param value what JSON.parse made of it
 * @returns what is wrong, in plain words that name the member; empty if it is a `Manifest` of that type
 */
export function findManifestProblems(value: unknown, type: Manifest['type']): string[] {
  const problems: string[] = [];
  const report = (problem: string) => {
    if (problems.length < MAX_MANIFEST_PROBLEMS) problems.push(problem);
  };
  (type === 'convey.package.v1' ? packageForm : receiptForm)(value, '', report);
  if (problems.length === 0) checkSums(value as Manifest, report); // the forms hold from here on
  return problems;
}

function checkSums(manifest: Manifest, report: Report): void {
  const sums = new Map<string, number>();
  for (const [index, part] of manifest.parts.entries()) {
    if (part.part !== index + 1) report(`parts[${index}].part is ${part.part}, not ${index + 1}.`);
    checkDatasets(part, `parts[${index}].counts`, report);
    for (const [name, count] of Object.entries(part.counts)) sums.set(name, (sums.get(name) ?? 0) + count);
  }
  for (const name of new Set([...sums.keys(), ...Object.keys(manifest.counts)])) {
    const total = Object.hasOwn(manifest.counts, name) ? manifest.counts[name] : undefined;
    const sum = sums.get(name);
    if (total === sum) continue;
    report(`counts.${name} is ${total ?? 'missing'}, but its parts’ counts add up to ${sum ?? 'nothing'}.`);
  }
  const { fingerprint: stated, public_key } = manifest.signer;
  if (fingerprintOf(Buffer.from(public_key, 'base64')) !== stated) {
    report('signer.fingerprint is not the fingerprint of signer.public_key.');
  }
  if (manifest.type === 'convey.receipt.v1') {
    if (manifest.parts.length !== 1) report('parts of a receipt are exactly one.');
    if (manifest.files.length !== 0) report('files of a receipt are none.');
  }
  checkNames([...manifest.parts, ...manifest.files], report);
}

function checkDatasets({ layout, counts }: Part, at: string, report: Report): void {
  const named = datasetsOf(layout);
  if (named === undefined) return;
  for (const name of named)
    if (!Object.hasOwn(counts, name)) report(`${at} lacks ${name}, which its layout names.`);
  for (const name of Object.keys(counts))
    if (!named.has(name)) report(`${at}.${name} is in no place of its layout.`);
}

/** Names that differ, on disks that fold case as well, and of which none is another's folder. */
function checkNames(files: readonly { name: string; bytes: number }[], report: Report): void {
  const names = new Set<string>();
  for (const { name } of files) {
    const folded = name.toLowerCase();
    if (names.has(folded)) report(`${name} is named twice.`);
    names.add(folded);
  }
  for (const { name } of files) {
    const segments = name.toLowerCase().split('/');
    for (let length = 1; length < segments.length; length++) {
      if (names.has(segments.slice(0, length).join('/'))) report(`${name} lies in a folder that is a file.`);
    }
  }
  if (!Number.isSafeInteger(files.reduce((sum, { bytes }) => sum + bytes, 0)))
    report('bytes add up to too much.');
}

function layoutForm(value: unknown, at: string, report: Report): void {
  const found = Object.entries(layouts).find(([member]) => isObject(value) && Object.hasOwn(value, member));
  if (found === undefined) report(`${at} is none of the known layouts.`);
  else found[1](value, at, report);
}

function gapForm(value: unknown, at: string, report: Report): void {
  const isErasure = isObject(value) && (value as { reason?: unknown }).reason === 'erasure';
  const reason = check(
    (text) => ['request_changed', 'restarted', 'database_replaced', 'erasure'].includes(text as string),
    'is no reason for a gap that this version knows',
  );
  objectOf({ reason, at: time, ...(isErasure ? { ...link, manifest_sha256: sha256 } : {}) })(
    value,
    at,
    report,
  );
}

function receiptLayout(value: unknown, at: string, report: Report): void {
  const isZip = isObject(value) && (value as Partial<PartLayout>).format === 'zip';
  (isZip ? objectOf({ format: oneOf('zip') }) : layoutForm)(value, at, report);
}

function objectOf(required: Record<string, Form>, optional: Record<string, Form> = {}): Form {
  return (value, at, report) => {
    if (!isObject(value)) return report(`${at || 'The manifest'} is not an object.`);
    const dot = at === '' ? '' : `${at}.`;
    for (const name of Object.keys(required))
      if (!Object.hasOwn(value, name)) report(`${dot}${name} is missing.`);
    for (const [name, member] of Object.entries(value)) {
      const form = [required, optional].find((forms) => Object.hasOwn(forms, name))?.[name];
      if (form === undefined) report(`${dot}${name.slice(0, 100)} is not a member this version knows.`);
      else form(member, dot + name, report);
    }
  };
}

function mapOf(keys: Form | undefined, values: Form): Form {
  return (value, at, report) => {
    if (!isObject(value)) return report(`${at} is not an object.`);
    for (const [name, member] of Object.entries(value)) {
      keys?.(name, `A key of ${at}`, report);
      values(member, `${at}.${name.slice(0, 100)}`, report);
    }
  };
}

function arrayOf(form: Form): Form {
  return (value, at, report) => {
    if (!Array.isArray(value)) return report(`${at} is not an array.`);
    for (const [index, item] of value.entries()) form(item, `${at}[${index}]`, report);
  };
}

function nullOr(form: Form): Form {
  return (value, at, report) => {
    if (value !== null) form(value, at, report);
  };
}

function check(holds: (value: unknown) => boolean, what: string): Form {
  return (value, at, report) => {
    if (!holds(value)) report(`${at} ${what}.`);
  };
}

function pattern(form: RegExp, what: string): Form {
  return check((value) => typeof value === 'string' && form.test(value), what);
}

function oneOf(expected: string): Form {
  return check((value) => value === expected, `is not “${expected}”`);
}

function anyText(value: unknown, at: string, report: Report): void {
  if (typeof value !== 'string') report(`${at} is not a text.`);
}

/** Base64 with nothing to spare: one form for each value (RFC 4648 §3.5). */
function base64Of(holds: (bytes: Buffer) => boolean, what: string): Form {
  return check((value) => {
    if (typeof value !== 'string') return false;
    const bytes = Buffer.from(value, 'base64');
    return bytes.toString('base64') === value && holds(bytes);
  }, what);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTime(value: unknown): boolean {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value)) return false;
  const at = new Date(value);
  return !Number.isNaN(at.getTime()) && at.toISOString() === value;
}

#!/usr/bin/env node
// The verifier of Convey's packages and receipts, in one file. It needs Node.js 20.19 or newer and nothing else:
//
//   node convey-verify.mjs <package.zip | folder | file> --key sha256:…        (--help says more)
//
// It reads what it is given and compares. It has no network access, starts no program and writes no file. What it
// checks is specified in docs/package.md. To compare it with Convey's sources, without their types: in a checkout,
// `node scripts/build-verifier.mjs` makes this file anew, byte by byte. Its parts, each of which builds on those
// before it:
//
//   src/verify/ignore-broken-pipes.ts
//   src/verify/describe-scope.ts
//   src/verify/problems.ts
//   src/verify/describe-verification.ts
//   src/packages/signatures.ts
//   src/verify/check-signature.ts
//   src/verify/trust.ts
//   src/packages/manifest.ts
//   src/packages/tag-files.ts
//   src/verify/scan-json.ts
//   src/verify/count-csv.ts
//   src/verify/inflate-entry.ts
//   src/verify/scan-zip.ts
//   src/verify/count-documents.ts
//   src/verify/count-xlsx.ts
//   src/verify/count-records.ts
//   src/verify/check-payload.ts
//   src/verify/read-file.ts
//   src/canonical-json.ts
//   src/packages/check-manifest.ts
//   src/verify/read-manifest.ts
//   src/verify/check-folder.ts
//   src/packages/lay-out-zip.ts
//   src/packages/lay-out-package.ts
//   src/verify/check-zip.ts
//   src/verify/verify-package.ts
//   src/verify/run-verify.ts
//   src/verify/describe-chain.ts
//   src/verify/verify-chain.ts
//   src/verify/run-verify-chain.ts
//   src/verify/main.ts

import { createHash, createPublicKey, verify } from 'node:crypto';
import { once } from 'node:events';
import { createInflateRaw, crc32 } from 'node:zlib';
import { constants } from 'node:fs';
import { open, lstat, readdir, stat, access, readFile } from 'node:fs/promises';
import { join, basename } from 'node:path';
import { parseArgs } from 'node:util';

// ---- src/verify/ignore-broken-pipes.ts --------------------------------------------------------------------------

/** A reader who has enough (`| head`) is no failure: nothing more is said to them, and nothing about it. */
function ignoreBrokenPipes() {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error) => {
      if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') throw error;
    });
  }
}

// ---- src/verify/describe-scope.ts -------------------------------------------------------------------------------

/** Of a condition's values and of the whole sentence, so that what follows it is still read. */
const MAX_VALUES_TOLD = 5;
const MAX_TOLD = 300;

/** `[one, several]` as a person says it. Kinds and members that are not here are told by their names. */
const KINDS = {
  contacts: ['all contacts', 'contacts'],
  conversations: ['all conversations', 'conversations'],
  conversation: ['all conversations', 'one conversation'],
  contact: ['all contacts', 'one person'],
};

/** Members of the filter, by what stands before their values. */
const CONDITIONS = {
  ids: 'id is ',
  contact_id: 'contact is ',
  email: 'the contact’s email is ',
  assignee: 'assignee is ',
  any_tag: 'tag is ',
  since: 'it began at or after ',
  until: 'it began before ',
  updated_since: 'it last changed at or after ',
  updated_until: 'it last changed before ',
  resolved_since: 'it was resolved at or after ',
  resolved_until: 'it was resolved before ',
  q: 'one of its messages has the words ',
  csat: 'its rating is ',
  csat_min: 'its rating is at least ',
  csat_max: 'its rating is at most ',
  has_csat: 'that it has a rating is ',
  has_files: 'that it has files is ',
};

/**
 * What an export is of, in words, from its manifest: “conversations of acme where status is resolved”. “Everything”
 * is only said where nothing narrows it: no filter, no audience, no format that holds less.
 */
function describeScope({ export: asked, workspace, filter, audience }) {
  if (asked === null || workspace === null || filter === null) return 'nothing that could be read';
  const conditions = Object.entries(filter).map(([member, value]) => describeCondition(member, value));
  const limits = describeAudience(audience);
  const of = ` of ${workspace.slug}`;
  const where = conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`;
  const whole = `${describeWhat(asked, conditions.length + limits.length > 0)}${of}${where}`;
  const told = whole.length > MAX_TOLD ? `${whole.slice(0, MAX_TOLD)}… (its manifest has it whole)` : whole;
  return [told, ...describeRows(asked), ...limits].join(', ');
}

function describeWhat({ kind, format }, isNarrowed) {
  if (kind === 'workspace') {
    if (format === 'csv') return 'contacts and conversations as tables';
    if (format === 'xlsx') return 'contacts, conversations and messages as tables';
    return isNarrowed ? 'the workspace in part' : 'everything';
  }
  const words = Object.hasOwn(KINDS, kind) ? KINDS[kind] : [kind, kind];
  return words[isNarrowed ? 1 : 0];
}

function describeRows({ format, mode }) {
  if (format === 'chat-jsonl') return ['roles and texts alone'];
  if ((format !== 'csv' && format !== 'xlsx') || mode === undefined) return [];
  return [
    `one row per ${mode === 'messages' ? 'message' : mode === 'conversations' ? 'conversation' : mode}`,
  ];
}

function describeAudience(audience) {
  if (audience === null) return [];
  const { internal, audiences = null } = audience;
  return [
    ...(audiences === null
      ? []
      : [audiences.length === 0 ? 'of no audience' : `only of audience ${tell(audiences, ' or ')}`]),
    ...(internal ? [] : ['without internal notes and events']),
  ];
}

function describeCondition(member, value) {
  const begin = Object.hasOwn(CONDITIONS, member) ? CONDITIONS[member] : `${member} is `;
  // A conversation must have all the tags, and one of any other member's values.
  return begin + tell(Array.isArray(value) ? value : [value], member === 'tag' ? ' and ' : ' or ');
}

function tell(values, between) {
  const told = values
    .slice(0, MAX_VALUES_TOLD)
    .map((value) => (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 100));
  const more = values.length > MAX_VALUES_TOLD ? ` (and ${values.length - MAX_VALUES_TOLD} more)` : '';
  return (told.length === 0 ? 'nothing' : told.join(between)) + more;
}

// ---- src/verify/problems.ts -------------------------------------------------------------------------------------

const MAX_PROBLEMS = 50;

/** All problems up to a limit, in the order they were found. */
class ProblemList {
  found = [];
  /** Of those beyond the limit only the number is kept. */
  unlisted = 0;

  add(code, place, message) {
    if (this.found.length < MAX_PROBLEMS) this.found.push({ code, place, message: printable(message) });
    else this.unlisted++;
  }
}

/** One line of text that others wrote, as it may be shown on a terminal: nothing in it steers it. */
function harmless(text) {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '\uFFFD');
}

/** Names and texts of a hostile package must not steer the reader's terminal, nor fill it. */
function printable(text) {
  const shown = harmless(text);
  return shown.length > 600 ? `${shown.slice(0, 600)}…` : shown;
}

// ---- src/verify/describe-verification.ts ------------------------------------------------------------------------

const MAX_LISTED = 20;

/** A verification in plain words, line by line: what it is, what is left out of it, or everything that is wrong. */
function describeVerification(result) {
  const verdict = result.is_counted ? 'complete:' : 'intact: nothing in it is counted;';
  const lines = result.ok
    ? [`${verdict} ${describeScope(result)}`, ...contentsOf(result)]
    : result.problems.map(({ message }) => `NOT OK: ${message}`);
  if (result.more_problems > 0) lines.push(`NOT OK: and ${result.more_problems} problems more`);
  if (!result.ok && result.name !== null)
    lines.push(`It claims to be ${describeScope(result)}`, ...contentsOf(result));
  if (!result.ok && lines.length === 0) lines.push('NOT OK: it could not be verified.');
  lines.push(
    ...list(
      'left out',
      result.left_out.map(({ what, why }) => `${what} (${why})`),
    ),
  );
  lines.push(...tellReplaced(result));
  const missing = result.missing_files.map(
    ({ ref, id, reason }) => `${id === undefined ? ref : `${id}, which is ${ref}`} (${reason})`,
  );
  return [...lines, ...list('contents of files that the server does not hold', missing)].map(printable);
}

function contentsOf(result) {
  const { name, export: asked, counts, parts, files, snapshot_at, signed_by, trusted } = result;
  const number = (count, what) => `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`;
  const told = Object.entries(counts).map(([dataset, count]) => {
    const [records, one] = countedAs(dataset);
    return count === 1 ? `1 ${one}` : `${count.toLocaleString('en')} ${records}`;
  });
  const whom = signed_by === null ? 'without a signature that holds' : `signed by ${signed_by}`;
  return [
    [
      ...(told.length > 0 ? [told.join(', ')] : result.is_counted ? ['no records'] : []),
      `in ${number(parts, 'part')}${files > 0 ? ` with the contents of ${number(files, 'file')}` : ''}`,
    ].join('; '),
    ...tellUnread(asked),
    `${name}; requested ${asked?.requested_at}; snapshot ${snapshot_at}`,
    `${whom}${signed_by === null ? '' : `, ${whyTrusted(trusted, signed_by)}`}`,
  ].map((line) => `  ${line}`);
}

/** Of an anonymised export: what was replaced where, and what that is worth. */
function tellReplaced({ anonymized, redactions }) {
  const told = redactions.map(
    ({ path, reason, count }) => `${path}: ${reason}, ${count.toLocaleString('en')} times`,
  );
  return [...(anonymized === null ? [] : [`anonymized: ${anonymized}`]), ...list('replaced', told)];
}

/** What a verifier cannot say of documents for people. */
function tellUnread(asked) {
  if (asked === null || !['html', 'pdf', 'zip'].includes(asked.format)) return [];
  if (asked.kind === 'conversation')
    return ['the document is whole and unchanged; what it says is not counted'];
  return asked.format === 'pdf'
    ? [
        'each document is whole and unchanged; how many messages each holds is stated by their list, not counted',
      ]
    : [
        'each document is whole and unchanged; messages in HTML are counted, all else is as their list states it',
      ];
}

/** A dataset's name for several records and for one: `citations` and `citation`, `memories` and `memory`. */
function countedAs(dataset) {
  const name = dataset.replaceAll('_', ' ');
  return [name, name.endsWith('ies') ? `${name.slice(0, -3)}y` : name.replace(/s$/, '')];
}

function whyTrusted(trusted, signedBy) {
  if (trusted === null) return 'which you do not trust';
  const chain = trusted.fingerprint === signedBy ? '' : ` through ${trusted.fingerprint}, which endorsed it`;
  return `which you trust${chain} (${trusted.by})`;
}

function list(title, items) {
  if (items.length === 0) return [];
  const more = items.length > MAX_LISTED ? [`  and ${items.length - MAX_LISTED} more`] : [];
  return [`${title}:`, ...items.slice(0, MAX_LISTED).map((item) => `  ${item}`), ...more];
}

// ---- src/packages/signatures.ts ---------------------------------------------------------------------------------

/** What stands before the 32 bytes of every Ed25519 key in SubjectPublicKeyInfo (RFC 8410 §4). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** `sha256:` and the SHA-256 of a public key in SubjectPublicKeyInfo DER, lower-case hexadecimal. */
function fingerprintOf(publicKey) {
  return `sha256:${createHash('sha256').update(publicKey).digest('hex')}`;
}

/** The public half of an Ed25519 key, as SubjectPublicKeyInfo in DER (44 bytes). */
function publicKeyOf(key) {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  return publicKey.export({ type: 'spki', format: 'der' });
}

/** Whether these bytes are an Ed25519 key in SubjectPublicKeyInfo DER and nothing else. */
function isPublicKey(bytes) {
  return bytes.length === 44 && SPKI_PREFIX.equals(bytes.subarray(0, SPKI_PREFIX.length));
}

/** Whether `signature` is this key's over these bytes; false, not an error, for a key or signature of a wrong form. */
function isSignedBy(bytes, signature, publicKey) {
  if (signature.length !== 64 || !isPublicKey(publicKey)) return false;
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey), type: 'spki', format: 'der' });
    return verify(null, bytes, key, signature);
  } catch {
    return false; // 32 bytes that are no point of the curve
  }
}

/** What an older key signs to endorse a newer one. */
function endorsementText(newerFingerprint) {
  return Buffer.from(`convey.key.endorsement.v1\n${newerFingerprint}`);
}

/**
 * Walks the endorsements from the signer back to older keys.
 * @param isSigned as `isSignedBy`, for whoever has no other way than a promise
 * @returns fingerprints of the keys that vouch for the signer, the signer first; `broken` is the index of the
 *   first endorsement that does not hold. Those behind it count for nothing.
 */
async function verifyEndorsements(signerFingerprint, endorsements, isSigned = isSignedBy) {
  const fingerprints = [signerFingerprint];
  for (const [index, { by, public_key, signature }] of endorsements.entries()) {
    const key = Buffer.from(public_key, 'base64');
    const text = endorsementText(fingerprints[index]);
    if (fingerprintOf(key) !== by || !(await isSigned(text, Buffer.from(signature, 'base64'), key))) {
      return { fingerprints, broken: index };
    }
    fingerprints.push(by);
  }
  return { fingerprints };
}

// ---- src/verify/check-signature.ts ------------------------------------------------------------------------------

/** `isSignedBy` as a promise: the web app, which runs the verifier too, has the browser's own in its place. */
async function checkSignature(bytes, signature, publicKey) {
  return isSignedBy(bytes, signature, publicKey);
}

// ---- src/verify/trust.ts ----------------------------------------------------------------------------------------

/** Clocks differ, and an export that was running at the rotation is signed after it. */
const GRACE_MS = 86_400_000;

/** A pin that cannot be understood. The message is for people. */
class BadPinError extends Error {}

/**
 * @param keys fingerprints (`sha256:…`) or public keys in PEM
 * @param trust the text of a `convey-keys.json`
 * @throws BadPinError
 */
function readPins(keys, trust) {
  const pins = { trusted: new Map(), distrusted: new Set(), lives: new Map() };
  if (trust !== undefined) readTrust(trust, pins);
  for (const key of keys) {
    const fingerprint = /^(sha256:)?[0-9a-f]{64}$/i.test(key.trim())
      ? `sha256:${key.trim().slice(-64).toLowerCase()}`
      : fingerprintOfPem(key);
    pins.trusted.set(fingerprint, '--key');
  }
  return pins;
}

function fingerprintOfPem(pem) {
  try {
    const publicKey = publicKeyOf(createPublicKey(pem));
    if (isPublicKey(publicKey)) return fingerprintOf(publicKey);
  } catch {
    // Said below.
  }
  throw new BadPinError(
    'A key is neither “sha256:” with 64 hexadecimal digits nor an Ed25519 public key in PEM.',
  );
}

function readTrust(text, { trusted, distrusted, lives }) {
  let keys;
  try {
    keys = JSON.parse(text)?.keys;
  } catch {
    keys = undefined;
  }
  if (!Array.isArray(keys))
    throw new BadPinError('The trust file is not a convey-keys.json: it has no “keys”.');
  for (const [index, key] of keys.entries()) {
    const { fingerprint, public_key, status, created_at, retired_at } = key ?? {};
    const publicKey = Buffer.from(typeof public_key === 'string' ? public_key : '', 'base64');
    if (typeof fingerprint !== 'string' || fingerprintOf(publicKey) !== fingerprint)
      throw new BadPinError(
        `The trust file’s key ${index + 1} has a fingerprint that is not its public key’s.`,
      );
    const retiredAt = timeOf(retired_at);
    if (retired_at !== undefined && retiredAt === undefined)
      throw new BadPinError(`The trust file’s key ${index + 1} has a “retired_at” that is no time.`);
    lives.set(fingerprint, { createdAt: timeOf(created_at), retiredAt });
    if (status === 'current' || status === 'retired') trusted.set(fingerprint, '--trust');
    else distrusted.add(fingerprint);
  }
}

function timeOf(text) {
  const time = typeof text === 'string' ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

/** Looks for a pinned key: the signer's, or one that vouches for it. Says so if there is none. */
async function findTrust(manifest, pins, problems) {
  const { fingerprint, endorsements } = manifest.signer;
  const { fingerprints, broken } = await verifyEndorsements(fingerprint, endorsements, checkSignature);
  if (broken !== undefined) {
    const what = `Endorsement ${broken + 1} of the signer is not the signature of the key it names.`;
    problems.add('endorsement_invalid', 'manifest.json', what);
  }
  for (const [index, candidate] of fingerprints.entries()) {
    if (pins.distrusted.has(candidate)) {
      problems.add(
        'untrusted_key',
        'manifest.json',
        `The key ${candidate} was compromised, says the trust file.`,
      );
      return undefined;
    }
    const tooLate = whyTooLate(manifest, fingerprints, index, pins);
    if (tooLate !== undefined) {
      problems.add('untrusted_key', 'manifest.json', tooLate);
      return undefined;
    }
    const by = pins.trusted.get(candidate);
    if (by !== undefined) return { by, fingerprint: candidate };
  }
  const hasPins = pins.trusted.size > 0 || pins.distrusted.size > 0;
  problems.add(
    'untrusted_key',
    'manifest.json',
    `Untrusted key: it is signed by ${fingerprint}, ` +
      (hasPins ? 'which is none of the keys that you trust and which none of them endorsed.' : HOW_TO_PIN),
  );
  return undefined;
}

/**
 * Why a key counts for nothing here, because the trust file says that it was retired before: before the package was
 * made that it signed, or before the key was made that it endorsed. (Its successor is in the same file.)
 */
function whyTooLate({ created_at, snapshot_at }, fingerprints, index, { lives }) {
  const fingerprint = fingerprints[index];
  const retiredAt = lives.get(fingerprint)?.retiredAt;
  if (retiredAt === undefined) return undefined;
  const retired = `The key ${fingerprint} was retired at ${new Date(retiredAt).toISOString()}, says the trust file`;
  if (index === 0) {
    const [made = created_at] = [created_at, snapshot_at].toSorted().toReversed();
    return Date.parse(made) > retiredAt + GRACE_MS ? `${retired}, and this was made at ${made}.` : undefined;
  }
  const newer = fingerprints[index - 1];
  const createdAt = lives.get(newer)?.createdAt;
  if (createdAt !== undefined && createdAt <= retiredAt + GRACE_MS) return undefined;
  const when = createdAt === undefined ? 'which the file does not have' : 'which was made later';
  return `${retired}: it cannot vouch for ${newer}, ${when}.`;
}

const HOW_TO_PIN =
  'and you named no key that you trust. Anybody can sign with a key of their own: ask the operator for the ' +
  'fingerprint (--key sha256:…), or fetch /.well-known/convey-keys.json from the server yourself (--trust FILE).';

// ---- src/packages/manifest.ts -----------------------------------------------------------------------------------

/** All datasets that a layout counts, each once; undefined for a zip, which counts nothing. */
function datasetsOf(layout) {
  if (layout.format === 'zip') return undefined;
  if (layout.format === 'csv') return new Set([layout.dataset]);
  if (layout.format === 'documents') return new Set('archive' in layout ? layout.archive : [layout.document]);
  if (layout.format === 'xlsx') return new Set(Object.values(layout.sheets));
  if (layout.format === 'chat-jsonl') return datasetsOfRecords([layout.lines]);
  const records =
    'array' in layout
      ? [layout.array]
      : Object.values(layout.format === 'ndjson' ? layout.types : layout.sections);
  return datasetsOfRecords(records);
}

function datasetsOfRecords(records) {
  return new Set(records.flatMap(({ dataset, lists }) => [dataset, ...Object.values(lists)]));
}

// ---- src/packages/tag-files.ts ----------------------------------------------------------------------------------

/**
 * The seven files outside `data/`, in the zip's order. All follow from the manifest's bytes and its signature
 * (docs/package.md; RFC 8493 for the names and forms).
 * @param manifest what `manifestBytes` say, checked
 */
function tagFilesOf(manifest, manifestBytes, signature) {
  const payload = [...manifest.parts, ...manifest.files];
  const first = [
    file('bagit.txt', 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n'),
    file('bag-info.txt', bagInfo(manifest, payload)),
    { name: 'manifest.json', bytes: Buffer.from(manifestBytes) },
    { name: 'manifest.json.sig', bytes: Buffer.from(signature) },
    file('convey-key.pem', pemOf(manifest.signer.public_key)),
    file('manifest-sha256.txt', payload.map(({ sha256, name }) => `${sha256}  ${name}\n`).join('')),
  ];
  const lines = first.map(({ name, bytes }) => `${sha256Of(bytes)}  ${name}\n`);
  // Sorted by what stands behind the digest and the two spaces.
  lines.sort((a, b) => (a.slice(66) < b.slice(66) ? -1 : 1));
  return [...first, file('tagmanifest-sha256.txt', lines.join(''))];
}

function bagInfo(manifest, payload) {
  const bytes = payload.reduce((sum, file) => sum + file.bytes, 0);
  return [
    `Source-Organization: ${manifest.product}`,
    `External-Identifier: ${manifest.export.id}`,
    `Bagging-Date: ${manifest.created_at.slice(0, 10)}`,
    `Payload-Oxum: ${bytes}.${payload.length}`,
    `Bag-Software-Agent: ${manifest.software.name} ${manifest.software.version}`,
    '',
  ].join('\n');
}

/** A public key as PEM (RFC 7468): lines of 64 characters. */
function pemOf(base64) {
  const lines = base64.match(/.{1,64}/g) ?? [];
  return ['-----BEGIN PUBLIC KEY-----', ...lines, '-----END PUBLIC KEY-----', ''].join('\n');
}

function file(name, text) {
  return { name, bytes: Buffer.from(text) };
}

function sha256Of(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}

// ---- src/verify/scan-json.ts ------------------------------------------------------------------------------------

/** Bytes that are not what they should be. The message says what and where, for people. */
class MalformedError extends Error {}

const OBJECT = 0x7b;
const ARRAY = 0x5b;
const STRING = 0x22;
const BACKSLASH = 0x5c;
const LINE_FEED = 0x0a;
const MAX_NESTING = 1000;

/** Of a key, string or number this much is kept; longer ones pass by unread. */
const HELD_BYTES = 4096;

/** What may follow a backslash, but for `u`. */
const ESCAPED = new Set(Buffer.from('"\\/bfnrt'));
const NOTHING = Buffer.alloc(0);
const SCALAR = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/;

/**
 * Reads JSON (RFC 8259) piece by piece at the level of bytes, in memory that does not grow with the text.
 * JSON.parse is not used: records may be huge, and V8 reads some escaped keys wrongly.
 * As `lines`, every line feed outside a string ends a value; otherwise there is one value.
 */
class JsonScanner {
  /** Values so far, at any depth. */
  values = 0;
  /** Lines so far. */
  lines = 0;
  #visitor;
  #isLines;
  #visitedDepth;
  #open = [];
  #expected = 'value';
  #key;
  /** Inside a string: 1; behind its backslash: 2; with hexadecimal digits to come: 2 + their number. */
  #inString = 0;
  #isKey = false;
  #inScalar = false;
  /** What earlier pieces held of the token; undefined once it is longer than is kept. */
  #held = NOTHING;
  /** The token that ended last: where its bytes are; undefined for one longer than is kept. */
  #token;
  #tokenStart = 0;
  #tokenEnd = 0;
  #position = 0;
  /** What the token says, without quotes. */
  #text = () => {
    if (this.#token === undefined || this.#tokenEnd - this.#tokenStart > HELD_BYTES) return undefined;
    const text = this.#token.toString('utf8', this.#tokenStart, this.#tokenEnd);
    return text.includes('\\') ? JSON.parse(`"${text}"`) : text;
  };

  constructor(visitor, options) {
    this.#visitor = visitor;
    this.#isLines = options.lines;
    this.#visitedDepth = options.visitedDepth;
  }

  /** @throws MalformedError; the scanner is of no use afterwards */
  push(chunk) {
    const length = chunk.length;
    let start = 0; // of the token that is being read
    for (let i = 0; i < length; i++) {
      if (this.#inString === 1) {
        i = endOfPlainText(chunk, i);
        if (i === length) break;
      }
      const byte = chunk[i];
      if (this.#inString > 0) {
        if (this.#inString > 1) this.#escaped(byte, i);
        else if (byte === STRING) this.#endString(chunk, start, i);
        else if (byte === BACKSLASH) this.#inString = 2;
        else this.#fail('a control character stands in a string', i);
        continue;
      }
      if (this.#inScalar) {
        if (!isStructure(byte)) continue;
        this.#endScalar(chunk, start, i);
      }
      if (byte === LINE_FEED && this.#isLines) this.#endLine(i);
      else if (byte === 0x20 || byte === LINE_FEED || byte === 0x0d || byte === 0x09) continue;
      else if (byte === STRING) {
        this.#isKey = this.#expected === 'key' || this.#expected === 'key or }';
        if (!this.#isKey) this.#expectValue(i);
        this.#inString = 1;
        start = i + 1;
      } else if (byte === OBJECT || byte === ARRAY) this.#openContainer(byte, i);
      else if (byte === 0x7d || byte === 0x5d) this.#closeContainer(byte, i);
      else if (byte === 0x3a && this.#expected === ':') this.#expected = 'value';
      else if (byte === 0x2c && this.#expected === ', or end' && this.#open.length > 0) {
        this.#expected = this.#open.at(-1) === OBJECT ? 'key' : 'value';
      } else if (isStructure(byte)) this.#fail(`“${String.fromCharCode(byte)}” stands in a wrong place`, i);
      else {
        this.#expectValue(i);
        this.#inScalar = true;
        start = i;
      }
    }
    if (this.#inString > 0 || this.#inScalar) this.#hold(chunk.subarray(Math.min(start, length)));
    this.#position += length;
  }

  /** @throws MalformedError if the text ends too early */
  end() {
    if (this.#inScalar) this.#endScalar(Buffer.alloc(0), 0, 0);
    const isDone = this.#isLines ? this.#expected === 'value' && this.#open.length === 0 : this.#isComplete();
    if (!isDone || this.#inString > 0) this.#fail('it ends too early', 0);
  }

  #isComplete() {
    return this.#open.length === 0 && this.#expected === ', or end';
  }

  #expectValue(i) {
    if (this.#expected !== 'value' && this.#expected !== 'item or ]')
      this.#fail('a value stands in a wrong place', i);
    this.#expected = ', or end';
    this.values++;
  }

  #openContainer(byte, i) {
    this.#expectValue(i);
    this.#visit(byte);
    if (this.#open.push(byte) > MAX_NESTING) this.#fail(`it is nested deeper than ${MAX_NESTING} levels`, i);
    this.#expected = byte === OBJECT ? 'key or }' : 'item or ]';
  }

  #closeContainer(byte, i) {
    const isEmpty = this.#expected === (byte === 0x7d ? 'key or }' : 'item or ]');
    // The closing bracket is two behind the opening one in ASCII, for both kinds.
    if (this.#open.at(-1) !== byte - 2 || !(isEmpty || this.#expected === ', or end'))
      this.#fail(`“${String.fromCharCode(byte)}” stands in a wrong place`, i);
    this.#open.pop();
    this.#expected = ', or end';
    if (this.#open.length <= this.#visitedDepth) this.#visitor.close(this.#open.length);
  }

  #escaped(byte, i) {
    const digits = this.#inString - 2;
    if (digits > 0) {
      if (!isHexDigit(byte)) this.#fail('an escape in a string is none', i);
      this.#inString = digits === 1 ? 1 : this.#inString - 1;
    } else if (byte === 0x75) this.#inString = 6;
    else if (ESCAPED.has(byte)) this.#inString = 1;
    else this.#fail('an escape in a string is none', i);
  }

  #endString(chunk, start, end) {
    this.#inString = 0;
    this.#endToken(chunk, start, end);
    if (!this.#isKey) return this.#visit(STRING);
    this.#expected = ':';
    if (this.#open.length < this.#visitedDepth) this.#key = this.#text();
  }

  #endScalar(chunk, start, end) {
    this.#inScalar = false;
    this.#endToken(chunk, start, end);
    if (
      this.#token !== undefined &&
      !SCALAR.test(this.#token.toString('latin1', this.#tokenStart, this.#tokenEnd))
    )
      this.#fail('something is neither number, true, false nor null', end);
    this.#visit(0);
  }

  #endToken(chunk, start, end) {
    if (this.#held === NOTHING) {
      this.#token = chunk;
      this.#tokenStart = start;
      this.#tokenEnd = end;
      return;
    }
    this.#hold(chunk.subarray(start, end));
    this.#token = this.#held;
    this.#tokenStart = 0;
    this.#tokenEnd = this.#held?.length ?? 0;
    this.#held = NOTHING;
  }

  #hold(bytes) {
    if (this.#held === undefined) return;
    const length = this.#held.length + bytes.length;
    this.#held = length > HELD_BYTES ? undefined : Buffer.concat([this.#held, bytes]);
  }

  #visit(kind) {
    const depth = this.#open.length;
    if (depth > this.#visitedDepth) return;
    const hasKey = depth < this.#visitedDepth && this.#open.at(-1) === OBJECT;
    this.#visitor.value(depth, hasKey ? this.#key : undefined, kind, this.#text);
  }

  #endLine(i) {
    if (!this.#isComplete()) this.#fail(`line ${this.lines + 1} is no whole JSON value`, i);
    this.#expected = 'value';
    this.lines++;
    this.#visitor.line?.();
  }

  #fail(what, i) {
    throw new MalformedError(`${what} (at byte ${this.#position + i})`);
  }
}

/** Index of the next byte that means something in a string: a quote, a backslash, a control character. */
function endOfPlainText(chunk, from) {
  const length = chunk.length;
  let i = from;
  for (; i < length; i++) {
    const byte = chunk[i];
    if (byte === STRING || byte === BACKSLASH || byte < 0x20) break;
  }
  return i;
}

function isStructure(byte) {
  // " , : [ ] { } and white space
  return (
    byte === 0x2c ||
    byte === 0x7d ||
    byte === 0x5d ||
    byte <= 0x20 ||
    byte === 0x22 ||
    byte === 0x3a ||
    byte === 0x5b ||
    byte === 0x7b
  );
}

function isHexDigit(byte) {
  return (byte >= 0x30 && byte <= 0x39) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66);
}

// ---- src/verify/count-csv.ts ------------------------------------------------------------------------------------

const QUOTE = 0x22;
const CR = 0x0d;
const LF = 0x0a;
const COMMA = 0x2c;
const BOM = [0xef, 0xbb, 0xbf];

/** Counts the rows of a CSV (RFC 4180) after its header; line breaks inside quotes end no row. */
class CsvCounter {
  #dataset;
  #place = 'cell start';
  #rows = 0;
  #cells = 1;
  #headerCells = 0;
  #position = 0;
  #isRowOpen = false;
  #bom = 0;

  constructor(dataset) {
    this.#dataset = dataset;
  }

  /** @throws MalformedError */
  push(chunk) {
    let place = this.#place;
    for (let i = this.#skipBom(chunk); i < chunk.length; i++) {
      const byte = chunk[i];
      this.#isRowOpen = true;
      if (place === 'quoted') {
        if (byte === QUOTE) place = 'after quote';
      } else if (place === 'after CR') {
        if (byte !== LF) this.#fail('a CR stands without LF', i);
        this.#endRow(i);
        place = 'cell start';
      } else if (byte === COMMA) {
        this.#cells++;
        place = 'cell start';
      } else if (byte === CR) place = 'after CR';
      else if (byte === LF) this.#fail('a LF stands without CR', i);
      else if (byte === QUOTE) {
        if (place === 'plain') this.#fail('a quote stands inside a cell without quotes', i);
        place = 'quoted'; // opens the cell, or is the second of two and stands for one
      } else if (place === 'after quote') this.#fail('something stands behind a closing quote', i);
      else place = 'plain';
    }
    this.#place = place;
    this.#position += chunk.length;
  }

  /** @throws MalformedError */
  end() {
    if (this.#isRowOpen) this.#fail('it ends in the middle of a row', 0);
    if (this.#rows === 0) this.#fail('it has no header', 0);
    return new Map([[this.#dataset, this.#rows - 1]]);
  }

  #endRow(i) {
    if (this.#rows++ === 0) this.#headerCells = this.#cells;
    else if (this.#cells !== this.#headerCells) {
      this.#fail(`row ${this.#rows} has ${this.#cells} cells, the header ${this.#headerCells}`, i);
    }
    this.#cells = 1;
    this.#isRowOpen = false;
  }

  /** A BOM may come in pieces; without its third byte it is none, and an ordinary cell. */
  #skipBom(chunk) {
    let i = 0;
    while (
      this.#position + i === this.#bom &&
      this.#bom < 3 &&
      i < chunk.length &&
      chunk[i] === BOM[this.#bom]
    ) {
      i++;
      this.#bom++;
    }
    return i;
  }

  #fail(what, i) {
    throw new MalformedError(`${what} (at byte ${this.#position + i})`);
  }
}

// ---- src/verify/inflate-entry.ts --------------------------------------------------------------------------------

/** Unpacks one entry of a zip while its bytes pass by; where they end, the packed data says itself. */
class EntryInflater {
  /** CRC-32 and number of the bytes that came out, and number of those that went in. */
  crc = 0;
  sizeBytes = 0;
  packedBytes = 0;
  hasEnded = false;
  #inflate = createInflateRaw();
  #failure;

  /** @param onData what comes out, piece by piece; an error that it throws is `feed`’s */
  constructor(onData) {
    this.#inflate.on('data', (bytes) => {
      if (this.#failure !== undefined) return;
      this.crc = crc32(bytes, this.crc);
      this.sizeBytes += bytes.length;
      try {
        onData(bytes);
      } catch (error) {
        this.#failure = error;
      }
    });
    this.#inflate.on('error', () => {
      this.#failure ??= new MalformedError('an entry of the archive cannot be unpacked');
    });
  }

  /**
   * Takes bytes up to the end of the entry; answers how many of these belonged to it.
   * @throws MalformedError
   */
  async feed(chunk) {
    const inflate = this.#inflate;
    await new Promise((resolve) => {
      const done = () => {
        inflate.off('error', done);
        resolve();
      };
      inflate.once('error', done); // after a failure nothing else would tell
      inflate.write(chunk, done);
    });
    if (this.#failure !== undefined) this.#fail();
    const used = inflate.bytesWritten - this.packedBytes;
    this.packedBytes = inflate.bytesWritten;
    if (used < chunk.length) {
      if (!inflate.readableEnded) await once(inflate, 'end');
      this.hasEnded = true;
      this.#close();
    }
    if (this.#failure !== undefined) this.#fail();
    return used;
  }

  #close() {
    this.#inflate.destroy();
  }

  #fail() {
    this.#close();
    throw this.#failure;
  }
}

// ---- src/verify/scan-zip.ts -------------------------------------------------------------------------------------

const LOCAL = 0x04034b50;
const DESCRIPTOR = 0x08074b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END64 = 0x06064b50;
const LOCATOR64 = 0x07064b50;

/** Bytes of each record, without names and other parts of changing length. */
const FIXED_BYTES = {
  [LOCAL]: 30,
  [CENTRAL]: 46,
  [END]: 22,
  [END64]: 56,
  [LOCATOR64]: 20,
};

/** From here on ZIP64 has the value. */
const LARGE = 0xffffffff;

/** Deflated, sizes behind the data, name in UTF-8: how a zip is written that is streamed (formats/zip.ts). */
const STREAMED_FLAGS = 0x0808;
const DEFLATED = 8;

/**
 * Reads a zip from its first byte to its last, in one go and without a seek, as we write it: every entry deflated
 * and followed by its sizes, then a directory that lists exactly these. Anything else is malformed.
 */
class ZipScanner {
  #visitor;
  #entries = [];
  #inflater;
  #open;
  /** Bytes of a record that is not whole yet, and how many it needs. */
  #held = Buffer.alloc(0);
  #needed = 4;
  #position = 0;
  /** Entries that the directory listed so far. */
  #listed = 0;
  #hasEnded = false;

  constructor(visitor) {
    this.#visitor = visitor;
  }

  /** @throws MalformedError; the scanner is of no use afterwards */
  async push(chunk) {
    let at = 0;
    while (at < chunk.length) {
      if (this.#hasEnded) this.#fail('something follows the archive’s end');
      const rest = chunk.subarray(at);
      const used = this.#inflater === undefined ? this.#hold(rest) : await this.#feed(rest, this.#inflater);
      at += used;
      this.#position += used;
      if (this.#inflater === undefined && this.#held.length === this.#needed) this.#read();
    }
  }

  /** @throws MalformedError if the archive is not whole */
  end() {
    if (!this.#hasEnded) this.#fail('the archive ends too early');
  }

  async #feed(rest, inflater) {
    const used = await inflater.feed(rest);
    if (!inflater.hasEnded) return used;
    this.#visitor.close();
    this.#entries.push({ ...this.#open, ...sumsOf(inflater) });
    this.#inflater = undefined;
    this.#needed = isLarge(this.#entries.at(-1)) ? 24 : 16;
    return used;
  }

  #hold(rest) {
    const taken = rest.subarray(0, this.#needed - this.#held.length);
    this.#held = Buffer.concat([this.#held, taken]);
    return taken.length;
  }

  /** Looks at a record as soon as more of it is known, until it is whole. */
  #read() {
    const record = this.#held;
    if (this.#open !== undefined) {
      this.#checkDescriptor(record);
      this.#open = undefined;
      return this.#next();
    }
    const signature = record.readUInt32LE(0);
    const fixed = FIXED_BYTES[signature];
    if (fixed === undefined) this.#fail('it is no archive of ours');
    if (record.length < fixed) return this.#need(fixed);
    const whole = fixed + moreBytes(record, signature);
    if (record.length < whole) return this.#need(whole);
    if (signature === LOCAL) this.#begin(record);
    else if (signature === CENTRAL) this.#list(record);
    else if (signature === END) this.#finish(record);
    this.#next();
  }

  #begin(record) {
    if (this.#listed > 0) this.#fail('an entry stands behind the directory');
    const isOurs = record.readUInt16LE(6) === STREAMED_FLAGS && record.readUInt16LE(8) === DEFLATED;
    if (!isOurs) this.#fail('an entry is packed in another way than ours');
    const name = record.toString('utf8', 30, 30 + record.readUInt16LE(26));
    this.#open = { name, offset: this.#position - record.length };
    this.#visitor.open(name);
    this.#inflater = new EntryInflater((bytes) => this.#visitor.data(bytes));
  }

  #checkDescriptor(record) {
    const entry = this.#entries.at(-1);
    const sizes =
      record.length === 24
        ? [Number(record.readBigUInt64LE(8)), Number(record.readBigUInt64LE(16))]
        : [record.readUInt32LE(8), record.readUInt32LE(12)];
    const isRight =
      record.readUInt32LE(0) === DESCRIPTOR &&
      record.readUInt32LE(4) === entry.crc &&
      sizes[0] === entry.packedBytes &&
      sizes[1] === entry.sizeBytes;
    if (!isRight) this.#fail(`what ${entry.name} states about itself is not so`);
  }

  #list(record) {
    const entry = this.#entries[this.#listed++];
    const name = record.toString('utf8', 46, 46 + record.readUInt16LE(28));
    const says = (at, value) => [LARGE, value].includes(record.readUInt32LE(at));
    const isRight =
      entry !== undefined &&
      entry.name === name &&
      record.readUInt32LE(16) === entry.crc &&
      says(20, entry.packedBytes) &&
      says(24, entry.sizeBytes) &&
      says(42, entry.offset);
    if (!isRight) this.#fail('the archive’s directory does not list what is in it');
  }

  #finish(record) {
    const count = record.readUInt16LE(10);
    const isRight = this.#listed === this.#entries.length && [0xffff, this.#listed].includes(count);
    if (!isRight) this.#fail('the archive’s directory does not list what is in it');
    this.#hasEnded = true;
  }

  #need(bytes) {
    this.#needed = bytes;
  }

  #next() {
    this.#held = Buffer.alloc(0);
    this.#needed = 4;
  }

  #fail(what) {
    throw new MalformedError(`${what} (at byte ${this.#position})`);
  }
}

/** Bytes of a record behind its fixed ones. */
function moreBytes(record, signature) {
  const lengthsAt = { [LOCAL]: [26, 28], [CENTRAL]: [28, 30, 32], [END]: [20] }[signature] ?? [];
  return lengthsAt.reduce((sum, at) => sum + record.readUInt16LE(at), 0);
}

function sumsOf({ crc, sizeBytes, packedBytes }) {
  return { crc, sizeBytes, packedBytes };
}

/** Whether an entry's sizes, or its place, need ZIP64. */
function isLarge({ sizeBytes, packedBytes, offset }) {
  return [sizeBytes, packedBytes, offset].some((value) => value >= LARGE);
}

// ---- src/verify/count-documents.ts ------------------------------------------------------------------------------

const LIST_NAME = 'documents.ndjson';

/** Names that are safe to unpack anywhere. */
const SAFE_NAME = /^(?=.{1,200}$)[\w-][\w.-]*(\/[\w-][\w.-]*)*$/;
const LONGEST_LINE_BYTES = 1 << 20;

/** Begins each message of a document in HTML: a `<` of a text is `&lt;`, so that it is never anything else. */
const MESSAGE_MARK = Buffer.from('<article ');

/** Datasets whose records are such messages. */
const MESSAGE_DATASETS = ['messages', 'replies', 'ticket_messages'];
const HTML_START = '<!doctype html>';
const HTML_END = '</html>\n';
const PDF_START = '%PDF-';
const PDF_END = '%%EOF';
const DOCUMENT_TYPES = ['document', 'page', 'data', 'file'];

/**
 * Counts an archive of documents by its own list, which must name every entry with its size and digest and be whole
 * itself. Messages in HTML are counted anew; what a PDF holds is as the list states it.
 */
class ArchiveCounter {
  #zip = new ZipScanner(this);
  #entries = new Map();
  #list;
  #name = '';
  #entry;
  #hasList = false;

  /** @param datasets all that its list may count */
  constructor(datasets) {
    this.#list = new DocumentList(this.#entries, new Set(datasets));
  }

  /** @throws MalformedError */
  async push(chunk) {
    await this.#zip.push(chunk);
  }

  /** @throws MalformedError */
  end() {
    this.#zip.end();
    if (!this.#hasList) throw new MalformedError(`it has no ${LIST_NAME}`);
    return this.#list.end();
  }

  open(name) {
    if (this.#hasList) throw new MalformedError(`an entry stands behind ${LIST_NAME}`);
    if (!SAFE_NAME.test(name)) throw new MalformedError('an entry has a name that is not safe');
    if (this.#entries.has(name)) throw new MalformedError(`${name} is in it twice`);
    this.#name = name;
    this.#entry = name === LIST_NAME ? undefined : new EntryCheck(name);
  }

  data(bytes) {
    if (this.#entry === undefined) this.#list.push(bytes);
    else this.#entry.push(bytes);
  }

  close() {
    if (this.#entry === undefined) this.#hasList = true;
    else this.#entries.set(this.#name, this.#entry.end());
  }
}

/** The lines of the list, each compared with what is there. */
class DocumentList {
  #entries;
  #datasets;
  #totals = new Map();
  #hash = createHash('sha256');
  #rest = Buffer.alloc(0);
  #lines = 0;
  #hasEnded = false;

  constructor(entries, datasets) {
    this.#entries = entries;
    this.#datasets = datasets;
  }

  push(bytes) {
    let rest = Buffer.concat([this.#rest, bytes]);
    for (let at = rest.indexOf(0x0a); at >= 0; at = rest.indexOf(0x0a)) {
      this.#line(rest.subarray(0, at + 1));
      rest = rest.subarray(at + 1);
    }
    if (rest.length > LONGEST_LINE_BYTES) throw new MalformedError(`a line of ${LIST_NAME} is too long`);
    this.#rest = rest;
  }

  end() {
    if (!this.#hasEnded || this.#rest.length > 0) throw new MalformedError(`${LIST_NAME} is not whole`);
    const [extra] = this.#entries.keys();
    if (extra !== undefined) throw new MalformedError(`${extra} is in it and not in ${LIST_NAME}`);
    return this.#totals;
  }

  #line(bytes) {
    if (this.#hasEnded) throw new MalformedError(`${LIST_NAME} goes on behind its end line`);
    const line = readLine(bytes);
    if (line['_end'] === true) {
      const digest = this.#hash.digest('hex');
      const expected = `{"_end":true,"records":${this.#lines},"sha256":"${digest}"}\n`;
      if (bytes.toString() !== expected)
        throw new MalformedError(`the end line of ${LIST_NAME} does not agree with what comes before it`);
      this.#hasEnded = true;
      return;
    }
    this.#hash.update(bytes);
    this.#lines++;
    if (line['type'] !== 'missing_file') this.#compare(line);
  }

  #compare({ type, name, bytes, sha256, counts }) {
    const entry = typeof name === 'string' ? this.#entries.get(name) : undefined;
    if (entry === undefined)
      throw new MalformedError(`${LIST_NAME} names ${String(name).slice(0, 100)}, which is not in it`);
    this.#entries.delete(name);
    if (entry.bytes !== bytes || entry.sha256 !== sha256)
      throw new MalformedError(`${String(name)} is not what ${LIST_NAME} says (size or digest)`);
    if (!DOCUMENT_TYPES.includes(type) || typeof counts !== 'object' || counts === null)
      throw new MalformedError(`the line of ${String(name)} in ${LIST_NAME} is not well formed`);
    if ((type === 'document' || type === 'page') && !entry.isWhole)
      throw new MalformedError(`${String(name)} is no whole document`);
    const stated = this.#add(Object.entries(counts), String(name));
    if (type === 'document' && String(name).endsWith('.html') && stated !== entry.messages)
      throw new MalformedError(`${String(name)} holds ${entry.messages} messages and not ${stated}`);
  }

  /** @returns how many messages it is said to hold */
  #add(counts, name) {
    let messages = 0;
    for (const [dataset, count] of counts) {
      if (!this.#datasets.has(dataset) || !Number.isSafeInteger(count) || Number(count) < 0)
        throw new MalformedError(`the counts of ${name} in ${LIST_NAME} are not well formed`);
      this.#totals.set(dataset, (this.#totals.get(dataset) ?? 0) + Number(count));
      if (MESSAGE_DATASETS.includes(dataset)) messages += Number(count);
    }
    return messages;
  }
}

/** Looks at one entry while its bytes pass by. */
class EntryCheck {
  #hash = createHash('sha256');
  #document;
  #isHtml;
  #bytes = 0;
  #messages = 0;
  #tail = Buffer.alloc(0);

  constructor(name) {
    this.#isHtml = name.endsWith('.html');
    this.#document = new DocumentEnds(this.#isHtml ? 'html' : 'pdf');
  }

  push(bytes) {
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
    this.#document.push(bytes);
    if (!this.#isHtml) return;
    // A mark may lie across two pieces; the tail is shorter than one, so that none is counted twice.
    const seen = Buffer.concat([this.#tail, bytes]);
    for (let at = seen.indexOf(MESSAGE_MARK); at >= 0; at = seen.indexOf(MESSAGE_MARK, at + 1))
      this.#messages++;
    this.#tail = Buffer.from(seen.subarray(-(MESSAGE_MARK.length - 1)));
  }

  end() {
    return {
      bytes: this.#bytes,
      sha256: this.#hash.digest('hex'),
      messages: this.#messages,
      isWhole: this.#document.isWhole,
    };
  }
}

/** How a document begins and ends: enough to tell one that was cut, or that is something else. */
class DocumentEnds {
  #as;
  #start = '';
  #tail = Buffer.alloc(0);

  constructor(as) {
    this.#as = as;
  }

  push(bytes) {
    if (this.#start.length < HTML_START.length)
      this.#start += bytes.toString('latin1', 0, HTML_START.length - this.#start.length);
    const last = bytes.subarray(-HTML_END.length);
    this.#tail = Buffer.from(Buffer.concat([this.#tail, last]).subarray(-HTML_END.length));
  }
  get isWhole() {
    const tail = this.#tail.toString('latin1');
    if (this.#as === 'html') return this.#start === HTML_START && tail === HTML_END;
    return this.#start.startsWith(PDF_START) && tail.trimEnd().endsWith(PDF_END);
  }
}

/** One document that is a whole part: it is one record. What it says of that record is not counted. */
class SingleDocumentCounter {
  #dataset;
  #document;

  constructor(dataset, as) {
    this.#dataset = dataset;
    this.#document = new DocumentEnds(as);
  }

  push(chunk) {
    this.#document.push(chunk);
  }

  /** @throws MalformedError */
  end() {
    if (!this.#document.isWhole) throw new MalformedError('it is no whole document');
    return new Map([[this.#dataset, 1]]);
  }
}

function readLine(bytes) {
  try {
    const line = JSON.parse(bytes.toString());
    if (typeof line === 'object' && line !== null && !Array.isArray(line)) return line;
  } catch {
    // said below
  }
  throw new MalformedError(`a line of ${LIST_NAME} is no JSON object`);
}

// ---- src/verify/count-xlsx.ts -----------------------------------------------------------------------------------

const ROW = Buffer.from('<row ');
const END_OF_SHEET = '</sheetData></worksheet>';

/** The list of sheets and what goes with it: small, however large the sheets are. */
const MOST_LIST_BYTES = 1 << 20;
const SHEET_FILE = /^xl\/worksheets\/sheet([1-9]\d{0,5})\.xml$/;
const LISTS = new Set(['xl/workbook.xml', 'xl/_rels/workbook.xml.rels', '[Content_Types].xml']);
const OTHERS = new Set(['_rels/.rels', 'xl/styles.xml']);

/** Counts the rows of an XLSX, by sheet, each without its header. */
class XlsxCounter {
  #datasets;
  #zip = new ZipScanner(this);
  /** By the number of the sheet's file, from 1. */
  #rows = [];
  #texts = new Map();
  #name = '';
  #sheet;
  #text;
  #textBytes = 0;

  /** @param sheets name of a sheet → dataset of its rows */
  constructor(sheets) {
    this.#datasets = new Map(Object.entries(sheets));
  }

  /** @throws MalformedError */
  async push(chunk) {
    await this.#zip.push(chunk);
  }

  /** @throws MalformedError */
  end() {
    this.#zip.end();
    const names = this.#sheetNames();
    const totals = new Map();
    const seen = new Map();
    for (const [index, name] of names.entries()) {
      const [, base = name, number = '1'] = /^(.*) ([1-9]\d*)$/.exec(name) ?? [];
      const dataset = this.#datasets.get(base);
      const place = (seen.get(base) ?? 0) + 1;
      if (dataset === undefined || number !== String(place))
        throw new MalformedError(`there is a sheet “${name}” that the layout does not name`);
      seen.set(base, place);
      totals.set(dataset, (totals.get(dataset) ?? 0) + this.#rows[index + 1]);
    }
    for (const name of this.#datasets.keys())
      if (!seen.has(name)) throw new MalformedError(`there is no sheet “${name}”`);
    return totals;
  }

  open(name) {
    this.#name = name;
    const number = SHEET_FILE.exec(name)?.[1];
    if (number !== undefined) {
      if (this.#rows[Number(number)] !== undefined) throw new MalformedError(`${name} is in it twice`);
      this.#sheet = new SheetRows(name);
    } else if (LISTS.has(name) && !this.#texts.has(name)) {
      this.#text = [];
      this.#textBytes = 0;
    } else if (!OTHERS.has(name)) throw new MalformedError('it holds a file that no workbook of ours has');
  }

  data(bytes) {
    this.#sheet?.push(bytes);
    if (this.#text === undefined) return;
    this.#textBytes += bytes.length;
    if (this.#textBytes > MOST_LIST_BYTES) throw new MalformedError(`${this.#name} is too long`);
    this.#text.push(Buffer.from(bytes));
  }

  close() {
    if (this.#sheet !== undefined) this.#rows[Number(SHEET_FILE.exec(this.#name)?.[1])] = this.#sheet.end();
    if (this.#text !== undefined) this.#texts.set(this.#name, Buffer.concat(this.#text).toString('utf8'));
    this.#sheet = undefined;
    this.#text = undefined;
  }

  /** Names of the sheets in order: the first is in `sheet1.xml`, as the workbook must say, and so on. */
  #sheetNames() {
    const workbook = this.#texts.get('xl/workbook.xml') ?? '';
    const relations = this.#texts.get('xl/_rels/workbook.xml.rels') ?? '';
    const types = this.#texts.get('[Content_Types].xml') ?? '';
    const names = [...workbook.matchAll(/<sheet [^>]*>/g)].map(([tag], index) => {
      const place = index + 1;
      const [, name] = /^<sheet name="([^"&]*)" sheetId="\d+" r:id="rId\d+"\/>$/.exec(tag) ?? [];
      const isRight =
        name !== undefined &&
        tag.endsWith(` sheetId="${place}" r:id="rId${place}"/>`) &&
        relations.includes(`Id="rId${place}" `) &&
        new RegExp(`Id="rId${place}" [^>]*Target="worksheets/sheet${place}\\.xml"/>`).test(relations) &&
        types.includes(`PartName="/xl/worksheets/sheet${place}.xml"`) &&
        this.#rows[place] !== undefined;
      if (!isRight) throw new MalformedError('its list of sheets does not fit its sheets');
      return name;
    });
    if (names.length === 0 || names.length !== Object.keys(this.#rows).length)
      throw new MalformedError('its list of sheets does not fit its sheets');
    return names;
  }
}

/** Counts the rows of one sheet. A `<` inside a text is `&lt;`, so that `<row ` always is a row. */
class SheetRows {
  #name;
  #rows = 0;
  /** The end of what has passed: a tag may lie across two pieces. */
  #tail = Buffer.alloc(0);

  constructor(name) {
    this.#name = name;
  }

  push(bytes) {
    // Fewer bytes than a tag has, so that none is counted twice.
    const across = Buffer.concat([this.#tail.subarray(-(ROW.length - 1)), bytes.subarray(0, ROW.length - 1)]);
    this.#rows += occurrencesOf(ROW, across) + occurrencesOf(ROW, bytes);
    this.#tail = Buffer.from(
      Buffer.concat([this.#tail, bytes.subarray(-END_OF_SHEET.length)]).subarray(-END_OF_SHEET.length),
    );
  }

  end() {
    if (this.#tail.toString('latin1') !== END_OF_SHEET)
      throw new MalformedError(`${this.#name} is not whole`);
    if (this.#rows === 0) throw new MalformedError(`${this.#name} has no header`);
    return this.#rows - 1;
  }
}

function occurrencesOf(what, bytes) {
  let count = 0;
  for (let at = bytes.indexOf(what); at >= 0; at = bytes.indexOf(what, at + 1)) count++;
  return count;
}

// ---- src/verify/count-records.ts --------------------------------------------------------------------------------

/**
 * The counter for a layout (docs/package.md, “The manifest”); undefined where nothing is counted.
 * @param counts what the manifest says; a JSON document must say the same at its end
 */
function createRecordCounter(layout, counts) {
  if (layout.format === 'zip') return undefined;
  if (layout.format === 'csv') return new CsvCounter(layout.dataset);
  if (layout.format === 'xlsx') return new XlsxCounter(layout.sheets);
  if (layout.format === 'documents') {
    return 'archive' in layout
      ? new ArchiveCounter(layout.archive)
      : new SingleDocumentCounter(layout.document, layout.as);
  }
  if (layout.format === 'chat-jsonl') return counterOf(new ExampleVisitor(layout.lines), 2, true, false);
  if (layout.format === 'ndjson') return counterOf(new LineVisitor(layout.types), 2, true);
  if ('array' in layout) return counterOf(new ArrayVisitor(layout.array), 3);
  return counterOf(new DocumentVisitor(layout.sections, counts), 4);
}

/** @param visitedDepth how deep the items of a record's arrays lie */
function counterOf(visitor, visitedDepth, lines = false, hasEndLine = lines) {
  const scanner = new JsonScanner(visitor, { lines, visitedDepth });
  return {
    push: (chunk) => scanner.push(chunk),
    end: () => {
      scanner.end();
      visitor.end?.();
      return visitor.totals;
    },
    ...(hasEndLine ? { lines: () => scanner.lines } : {}),
  };
}

/** One record: its `type`, its keys, and the items of each of its arrays. */
class RecordTally {
  type;
  keys = new Set();
  #items = new Map();
  #others = new Set();
  #list;

  /** @param depth within the record: 1 for its members, 2 for the items of its arrays */
  value(depth, key, kind, text) {
    if (depth === 2 && this.#list !== undefined) {
      this.#items.set(this.#list, (this.#items.get(this.#list) ?? 0) + 1);
    }
    if (depth !== 1) return;
    this.#list = undefined;
    if (key === undefined) return;
    addKey(this.keys, key);
    if (key === 'type' && kind === STRING) this.type = text();
    if (kind === ARRAY) {
      this.#list = key;
      this.#items.set(key, 0);
    } else if (kind !== 0 || text() !== 'null') this.#others.add(key);
  }

  addTo(totals, { dataset, lists }) {
    add(totals, dataset, 1);
    for (const [key, itemDataset] of Object.entries(lists)) {
      if (this.#others.has(key)) throw new MalformedError(`“${key}” of a record is no array`);
      add(totals, itemDataset, this.#items.get(key) ?? 0);
    }
  }
}

class LineVisitor {
  totals = new Map();
  #types;
  #record = new RecordTally();
  #lines = 0;
  #hasEnded = false;

  constructor(types) {
    this.#types = new Map(Object.entries(types));
  }

  value(depth, key, kind, text) {
    if (depth > 0) return this.#record.value(depth, key, kind, text);
    this.#lines++;
    if (kind !== OBJECT) throw new MalformedError(`line ${this.#lines} is no object`);
    if (this.#hasEnded) throw new MalformedError(`line ${this.#lines} comes after the end line`);
    this.#record = new RecordTally();
  }

  close() {}

  line() {
    const { type, keys } = this.#record;
    const layout = type === undefined ? undefined : this.#types.get(type);
    if (layout !== undefined) this.#record.addTo(this.totals, layout);
    else if (keys.has('_end') && type === undefined) this.#hasEnded = true;
    else if (type !== 'head' || this.#lines > 1)
      throw new MalformedError(`line ${this.#lines} is of a type that the layout does not name`);
  }
}

/** Lines that are records, all of one kind. */
class ExampleVisitor {
  totals = new Map();
  #layout;
  #record = new RecordTally();

  constructor(layout) {
    this.#layout = layout;
  }

  value(depth, key, kind, text) {
    if (depth > 0) return this.#record.value(depth, key, kind, text);
    if (kind !== OBJECT) throw new MalformedError('a line is no object');
    this.#record = new RecordTally();
  }

  close() {}

  line() {
    this.#record.addTo(this.totals, this.#layout);
  }
}

class ArrayVisitor {
  totals = new Map();
  #layout;
  #record = new RecordTally();

  constructor(layout) {
    this.#layout = layout;
  }

  value(depth, key, kind, text) {
    if (depth > 1) return this.#record.value(depth - 1, key, kind, text);
    if (kind !== (depth === 0 ? ARRAY : OBJECT))
      throw new MalformedError(depth === 0 ? 'it is no array' : 'an item of the array is no object');
    this.#record = new RecordTally();
  }

  close(depth) {
    if (depth === 1) this.#record.addTo(this.totals, this.#layout);
  }
}

class DocumentVisitor {
  totals = new Map();
  #sections;
  #counts;
  #keys = new Set();
  #stated = new Map();
  #isComplete = false;
  #key;
  #section;
  /** Where the section's records lie: 2 in an array, 1 for an object that is the record. */
  #recordDepth = 2;
  #record = new RecordTally();

  constructor(sections, counts) {
    this.#sections = new Map(Object.entries(sections));
    this.#counts = counts;
  }

  value(depth, key, kind, text) {
    if (depth === 0 && kind !== OBJECT) throw new MalformedError('it is no object');
    if (depth === 1) this.#member(key, kind, text);
    else if (depth === 2 && this.#key === 'counts')
      this.#stated.set(key ?? '', kind === 0 ? text() : undefined);
    if (depth < 1 || this.#section === undefined) return;
    if (depth === this.#recordDepth) {
      if (kind !== OBJECT) throw new MalformedError(`an item of “${this.#key}” is no object`);
      this.#record = new RecordTally();
    } else if (depth > this.#recordDepth) this.#record.value(depth - this.#recordDepth, key, kind, text);
  }

  #member(key, kind, text) {
    addKey(this.#keys, key ?? '');
    this.#key = key;
    this.#section = this.#sections.get(key ?? '');
    this.#recordDepth = kind === OBJECT ? 1 : 2;
    if (key === 'complete') this.#isComplete = kind === 0 && text() === 'true';
    if (this.#section === undefined || kind === OBJECT || kind === ARRAY) return;
    if (text() !== 'null' || kind !== 0)
      throw new MalformedError(`“${key}” is neither array, object nor null`);
    this.#section = undefined;
  }

  close(depth) {
    if (this.#section === undefined) return;
    if (depth === this.#recordDepth) this.#record.addTo(this.totals, this.#section);
    if (depth === 1) this.#section = undefined;
  }

  end() {
    for (const key of this.#sections.keys())
      if (!this.#keys.has(key)) throw new MalformedError(`“${key}” is not in it`);
    if (!this.#isComplete) throw new MalformedError('it does not end with "complete":true');
    const counts = Object.entries(this.#counts);
    if (
      this.#stated.size !== counts.length ||
      counts.some(([name, count]) => this.#stated.get(name) !== `${count}`)
    )
      throw new MalformedError('its "counts" are not the manifest’s');
  }
}

function addKey(keys, key) {
  if (keys.has(key)) throw new MalformedError(`the key “${key.slice(0, 100)}” comes twice in one object`);
  keys.add(key);
}

function add(totals, dataset, count) {
  totals.set(dataset, (totals.get(dataset) ?? 0) + count);
}

// ---- src/verify/check-payload.ts --------------------------------------------------------------------------------

/** More than any end line has: 38 characters, 64 digits of digest, up to 16 of a number. */
const TAIL_BYTES = 256;

/** Hashes and counts one part or file while its bytes pass by once. */
class PayloadCheck {
  #expected;
  #place;
  #problems;
  #counter;
  #malformed;
  #bytes = 0;
  #crc = 0;
  /** Of everything but the tail, since an end line states the digest of what comes before it. */
  #hash = createHash('sha256');
  #tail = Buffer.alloc(0);

  /** @param place how people are told of the file */
  constructor(expected, place, problems) {
    this.#expected = expected;
    this.#place = place;
    this.#problems = problems;
    if ('layout' in expected) this.#counter = createRecordCounter(expected.layout, expected.counts);
  }

  /** Once this is done the chunk may be overwritten. */
  async push(chunk) {
    this.#bytes += chunk.length;
    this.#crc = crc32(chunk, this.#crc);
    const held = chunk.length < TAIL_BYTES ? Buffer.concat([this.#tail, chunk]) : chunk;
    if (held === chunk) this.#hash.update(this.#tail);
    const done = Math.max(0, held.length - TAIL_BYTES);
    this.#hash.update(held.subarray(0, done));
    this.#tail = Buffer.from(held.subarray(done)); // copied: the chunk is overwritten by the next one
    await this.#count(() => this.#counter?.push(chunk));
  }

  /** Call once, after the last byte. */
  async end() {
    const { bytes, sha256, crc32: crc } = this.#expected;
    const endLine = this.#endLine();
    const digest = this.#hash.update(this.#tail).digest('hex');
    const changed = (what) => this.#report('file_changed', `was changed: ${what}`);
    if (this.#bytes !== bytes) changed(`it has ${this.#bytes} bytes, the manifest says ${bytes}`);
    if (digest !== sha256) changed(`its SHA-256 is ${digest}, the manifest says ${sha256}`);
    const crcDigits = this.#crc.toString(16).padStart(8, '0');
    if (digest === sha256 && crcDigits !== crc)
      changed(`its CRC-32 is ${crcDigits}, the manifest says ${crc}`);
    if (this.#counter === undefined || !('counts' in this.#expected)) return;
    let totals = new Map();
    await this.#count(() => {
      totals = this.#counter?.end() ?? totals;
    });
    if (this.#malformed !== undefined) {
      this.#report('records_malformed', `cannot be counted: ${this.#malformed}`);
      return;
    }
    if (endLine !== undefined) this.#report('records_malformed', endLine);
    for (const [name, count] of Object.entries(this.#expected.counts)) {
      const found = totals.get(name) ?? 0;
      if (found !== count)
        this.#report('records_miscounted', `holds ${found} ${name}, the manifest says ${count}`);
    }
  }

  async #count(work) {
    if (this.#malformed !== undefined) return;
    try {
      await work();
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
      this.#malformed = error.message;
    }
  }

  /** What is wrong with the end line of NDJSON, which must agree to the byte with all that comes before it. */
  #endLine() {
    const lines = this.#counter?.lines?.();
    if (lines === undefined) return undefined;
    const start = this.#tail.lastIndexOf('\n', -2) + 1;
    const digest = this.#hash.copy().update(this.#tail.subarray(0, start)).digest('hex');
    const expected = `{"_end":true,"records":${lines - 1},"sha256":"${digest}"}\n`;
    if (this.#tail.subarray(start).equals(Buffer.from(expected))) return undefined;
    return 'does not end with a line that agrees with its contents (number of lines and digest)';
  }

  #report(code, what) {
    this.#problems.add(code, this.#expected.name, `${this.#place} ${what}.`);
  }
}

// ---- src/verify/read-file.ts ------------------------------------------------------------------------------------

const BLOCK_BYTES = 1 << 20;

/**
 * Opens a regular file to be read. A symbolic link is refused, and so is anything that is no file; a pipe does not
 * make us wait. Undefined for those.
 */
async function openRegularFile(path, isLinkAllowed = false) {
  // Windows knows neither flag.
  const flags =
    constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (isLinkAllowed ? 0 : (constants.O_NOFOLLOW ?? 0));
  const handle = await open(path, flags).catch((error) => {
    if (error.code === 'ELOOP' || error.code === 'ENXIO') return undefined;
    throw error;
  });
  if (handle === undefined || (await handle.stat()).isFile()) return handle;
  await handle.close();
  return undefined;
}

/** Reads a file from its start, block by block. A block is valid only until the next one is asked for. */
async function* readBlocks(handle) {
  const { size } = await handle.stat();
  const buffer = Buffer.allocUnsafe(Math.min(BLOCK_BYTES, size + 1));
  for (let position = 0; ; ) {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

/** `length` bytes from `position` on; fewer where the file ends. */
async function readAt(handle, position, length) {
  const buffer = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(buffer, done, length - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return buffer.subarray(0, done);
}

// ---- src/canonical-json.ts --------------------------------------------------------------------------------------

/** Deeper than anything of ours, and far from the depth at which recursion fails. */
const MAX_DEPTH = 64;

/** A value that has no canonical JSON; the message says why and holds nothing of the value. */
class NotCanonicalError extends TypeError {}

/**
 * A value as canonical JSON (RFC 8785, JCS): no white space, members sorted by UTF-16 code units, numbers and
 * strings as ECMAScript writes them. Equal values give equal text, so the text can be hashed.
 * Members that are `undefined` are left out, as `JSON.stringify` does; everything else that is not JSON is
 * refused rather than changed: NaN, infinities, bigint, dates, class instances, lone surrogates.
 * @throws NotCanonicalError
 */
function canonicalJson(value) {
  return write(value, 0);
}

function write(value, depth) {
  if (depth > MAX_DEPTH) throw refused(`it is nested deeper than ${MAX_DEPTH} levels`);
  switch (typeof value) {
    case 'boolean':
      return String(value);
    case 'number':
      if (!Number.isFinite(value)) throw refused('a number in it is not finite');
      return JSON.stringify(value); // ECMAScript's form is RFC 8785's, “-0” being written “0”
    case 'string':
      return writeText(value);
    case 'object':
      if (value === null) return 'null';
      if (Array.isArray(value)) return `[${Array.from(value, (item) => write(item, depth + 1)).join(',')}]`;
      return writeObject(value, depth);
    default:
      throw refused(`a ${typeof value} is not JSON`);
  }
}

function writeText(text) {
  if (!text.isWellFormed()) throw refused('a text in it holds an unpaired surrogate');
  return JSON.stringify(text);
}

function writeObject(object, depth) {
  const prototype = Object.getPrototypeOf(object);
  if (prototype !== Object.prototype && prototype !== null)
    throw refused('it holds an object that is not plain');
  const members = Object.entries(object)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1)) // `<` on strings compares UTF-16 code units
    .map(([key, value]) => `${writeText(key)}:${write(value, depth + 1)}`);
  return `{${members.join(',')}}`;
}

function refused(why) {
  return new NotCanonicalError(`Its contents are not canonical JSON: ${why}.`);
}

// ---- src/packages/check-manifest.ts -----------------------------------------------------------------------------

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
function findManifestProblems(value, type) {
  const problems = [];
  const report = (problem) => {
    if (problems.length < MAX_MANIFEST_PROBLEMS) problems.push(problem);
  };
  (type === 'convey.package.v1' ? packageForm : receiptForm)(value, '', report);
  if (problems.length === 0) checkSums(value, report); // the forms hold from here on
  return problems;
}

function checkSums(manifest, report) {
  const sums = new Map();
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

function checkDatasets({ layout, counts }, at, report) {
  const named = datasetsOf(layout);
  if (named === undefined) return;
  for (const name of named)
    if (!Object.hasOwn(counts, name)) report(`${at} lacks ${name}, which its layout names.`);
  for (const name of Object.keys(counts))
    if (!named.has(name)) report(`${at}.${name} is in no place of its layout.`);
}

/** Names that differ, on disks that fold case as well, and of which none is another's folder. */
function checkNames(files, report) {
  const names = new Set();
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

function layoutForm(value, at, report) {
  const found = Object.entries(layouts).find(([member]) => isObject(value) && Object.hasOwn(value, member));
  if (found === undefined) report(`${at} is none of the known layouts.`);
  else found[1](value, at, report);
}

function gapForm(value, at, report) {
  const isErasure = isObject(value) && value.reason === 'erasure';
  const reason = check(
    (text) => ['request_changed', 'restarted', 'database_replaced', 'erasure'].includes(text),
    'is no reason for a gap that this version knows',
  );
  objectOf({ reason, at: time, ...(isErasure ? { ...link, manifest_sha256: sha256 } : {}) })(
    value,
    at,
    report,
  );
}

function receiptLayout(value, at, report) {
  const isZip = isObject(value) && value.format === 'zip';
  (isZip ? objectOf({ format: oneOf('zip') }) : layoutForm)(value, at, report);
}

function objectOf(required, optional = {}) {
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

function mapOf(keys, values) {
  return (value, at, report) => {
    if (!isObject(value)) return report(`${at} is not an object.`);
    for (const [name, member] of Object.entries(value)) {
      keys?.(name, `A key of ${at}`, report);
      values(member, `${at}.${name.slice(0, 100)}`, report);
    }
  };
}

function arrayOf(form) {
  return (value, at, report) => {
    if (!Array.isArray(value)) return report(`${at} is not an array.`);
    for (const [index, item] of value.entries()) form(item, `${at}[${index}]`, report);
  };
}

function nullOr(form) {
  return (value, at, report) => {
    if (value !== null) form(value, at, report);
  };
}

function check(holds, what) {
  return (value, at, report) => {
    if (!holds(value)) report(`${at} ${what}.`);
  };
}

function pattern(form, what) {
  return check((value) => typeof value === 'string' && form.test(value), what);
}

function oneOf(expected) {
  return check((value) => value === expected, `is not “${expected}”`);
}

function anyText(value, at, report) {
  if (typeof value !== 'string') report(`${at} is not a text.`);
}

/** Base64 with nothing to spare: one form for each value (RFC 4648 §3.5). */
function base64Of(holds, what) {
  return check((value) => {
    if (typeof value !== 'string') return false;
    const bytes = Buffer.from(value, 'base64');
    return bytes.toString('base64') === value && holds(bytes);
  }, what);
}

function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTime(value) {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value)) return false;
  const at = new Date(value);
  return !Number.isNaN(at.getTime()) && at.toISOString() === value;
}

// ---- src/verify/read-manifest.ts --------------------------------------------------------------------------------

/** Node's strings end a little above. */
const MAX_MANIFEST_BYTES = 512_000_000;

/** A package with a million files has fewer; an array of this many fits in any process. */
const MAX_VALUES = 10_000_000;

/** Reads `manifest.json`: canonical, of the right form, signed, by a trusted key. Undefined if it says nothing. */
async function readManifest(bytes, signature, type, checks) {
  const value = parseGuarded(bytes, 'manifest.json', 'manifest_malformed', checks.problems);
  if (value === undefined) return undefined;
  if (!isCanonical(value, bytes)) addNotCanonical('manifest.json', checks.problems);
  return checkManifest(value, bytes, signature, type, checks);
}

/** A receipt: its manifest under the same rules, in a wrapper that is canonical as well. */
async function readReceipt(bytes, place, checks) {
  const value = parseGuarded(bytes, place, 'receipt_malformed', checks.problems);
  if (value === undefined) return undefined;
  const { manifest, signature, ...more } = value ?? {};
  const signatureBytes = Buffer.from(typeof signature === 'string' ? signature : '', 'base64');
  const isReceipt = manifest !== undefined && signatureBytes.length === 64 && Object.keys(more).length === 0;
  if (!isReceipt || signatureBytes.toString('base64') !== signature) {
    const what = `${place} is no receipt: it is not {"manifest":…,"signature":"…"} with a signature in Base64.`;
    checks.problems.add('receipt_malformed', place, what);
    return undefined;
  }
  if (bytes.at(-1) !== 0x0a || !isCanonical(value, bytes.subarray(0, -1))) {
    addNotCanonical(place, checks.problems);
    return undefined;
  }
  const manifestBytes = Buffer.from(canonicalJson(manifest));
  return checkManifest(manifest, manifestBytes, signatureBytes, 'convey.receipt.v1', checks);
}

async function checkManifest(value, bytes, signature, type, { pins, problems }) {
  const malformed = findManifestProblems(value, type);
  for (const what of malformed)
    problems.add('manifest_malformed', 'manifest.json', `The manifest is malformed: ${what}`);
  if (malformed.length > 0) return undefined;
  const manifest = value;
  const isSigned = await checkSignature(bytes, signature, Buffer.from(manifest.signer.public_key, 'base64'));
  if (!isSigned) {
    const what = 'The signature is not this manifest’s: one of them was changed, or the key was.';
    problems.add('signature_invalid', 'manifest.json.sig', what);
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return {
    manifest,
    sha256,
    isSigned,
    trust: isSigned ? await findTrust(manifest, pins, problems) : undefined,
  };
}

/**
 * JSON.parse of a text that was looked through first, so that no text can use up the memory or the stack.
 * V8 reads some escaped keys wrongly, which does no harm here: such a text is then found not canonical.
 */
function parseGuarded(bytes, place, code, problems) {
  try {
    const scanner = new JsonScanner({ value() {}, close() {} }, { lines: false, visitedDepth: -1 });
    for (let at = 0; at < bytes.length && scanner.values <= MAX_VALUES; at += 1 << 20) {
      scanner.push(bytes.subarray(at, at + (1 << 20)));
    }
    if (scanner.values > MAX_VALUES) throw new MalformedError(`it holds more than ${MAX_VALUES} values`);
    scanner.end();
    return JSON.parse(bytes.toString());
  } catch (error) {
    if (!(error instanceof MalformedError || error instanceof SyntaxError)) throw error;
    problems.add(code, place, `${place} is no JSON that can be read: ${error.message}.`);
    return undefined;
  }
}

/** Whether these bytes are the one canonical form of the value: no member twice, no white space, nothing else. */
function isCanonical(value, bytes) {
  try {
    return Buffer.from(canonicalJson(value)).equals(bytes);
  } catch (error) {
    if (error instanceof NotCanonicalError) return false;
    throw error;
  }
}

function addNotCanonical(place, problems) {
  const what = `${place} is not canonical JSON (RFC 8785): it has white space, a member twice or another order.`;
  problems.add('manifest_not_canonical', place, what);
}

// ---- src/verify/check-folder.ts ---------------------------------------------------------------------------------

/** Checks a package that lies as a folder: its manifest, then that exactly its files are there, then each of them. */
async function checkFolder(root, checks) {
  const manifestBytes = await readTagFile(root, 'manifest.json', MAX_MANIFEST_BYTES, checks);
  if (manifestBytes === undefined) {
    const what = 'It has no manifest.json that could be read: it is no package, or not a whole one.';
    checks.problems.add('not_a_package', 'manifest.json', what);
    return undefined;
  }
  const signature = (await readTagFile(root, 'manifest.json.sig', 64, checks)) ?? Buffer.alloc(0);
  const signed = await readManifest(manifestBytes, signature, 'convey.package.v1', checks);
  if (signed === undefined) return undefined;
  const tagFiles = tagFilesOf(signed.manifest, manifestBytes, signature);
  const payload = [...signed.manifest.parts, ...signed.manifest.files];
  checks.onTotal(payload.reduce((sum, { bytes }) => sum + bytes, 0));
  const listing = await listFolder(root, [...tagFiles, ...payload], checks);
  await reportMissing(root, tagFiles, payload, listing, checks);
  for (const tagFile of tagFiles)
    if (listing.present.has(tagFile.name)) await checkTagFile(root, tagFile, checks);
  for (const file of payload) if (listing.present.has(file.name)) await checkPayloadFile(root, file, checks);
  return signed;
}

/** Looks at everything that lies there, without following links or entering folders that should not be. */
async function listFolder(root, files, { problems }) {
  const listed = new Set(files.map(({ name }) => name));
  const folders = new Set(['data', ...files.flatMap(({ name }) => foldersOf(name))]);
  const listing = { present: new Set(), refused: new Set(), extra: [] };
  const open = [''];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
      const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory() && folders.has(name)) open.push(name);
      else if (entry.isFile() && listed.has(name)) listing.present.add(name);
      else if (entry.isFile()) listing.extra.push(name);
      else {
        listing.refused.add(name);
        if (entry.isDirectory())
          problems.add('file_extra', name, `The folder ${name} does not belong to the package.`);
        else
          problems.add(
            'file_kind',
            name,
            `${name} is no regular file (a link, pipe or device); it was not read.`,
          );
      }
    }
  }
  return listing;
}

function foldersOf(name) {
  const segments = name.split('/').slice(0, -1);
  return segments.map((_, index) => segments.slice(0, index + 1).join('/'));
}

async function reportMissing(root, tagFiles, payload, { present, refused, extra }, { problems }) {
  const isMissing = ({ name }) => !present.has(name) && !refused.has(name);
  const missing = payload.filter(isMissing);
  const renamed = await findRenamed(root, missing, extra);
  for (const { name } of [...tagFiles.filter(isMissing), ...missing]) {
    const now = renamed.get(name);
    if (now === undefined) problems.add('file_missing', name, `${name} is missing.`);
    else problems.add('file_renamed', name, `${name} is missing: it was renamed to ${now}.`);
  }
  for (const name of extra)
    problems.add('file_extra', name, `${name} is there, but it is not in the manifest.`);
}

/** Of the missing files those whose contents lie under another name. */
async function findRenamed(root, missing, extra) {
  const renamed = new Map();
  const sizes = new Set(missing.map(({ bytes }) => bytes));
  if (sizes.size === 0) return renamed;
  for (const name of extra) {
    const { size } = await lstat(join(root, name));
    if (size === 0 || !sizes.has(size)) continue;
    const handle = await openRegularFile(join(root, name));
    if (handle === undefined) continue;
    const hash = createHash('sha256');
    try {
      for await (const block of readBlocks(handle)) hash.update(block);
    } finally {
      await handle.close();
    }
    const digest = hash.digest('hex');
    for (const file of missing) if (file.sha256 === digest) renamed.set(file.name, name);
  }
  return renamed;
}

/** A file outside `data/`, whole, if it is a regular file; of one that is too long, one byte more than may be. */
async function readTagFile(root, name, maxBytes, { problems }) {
  const found = await lstat(join(root, name)).catch(() => undefined);
  if (found === undefined || !found.isFile()) return undefined; // the listing says so
  if (found.size > maxBytes) {
    problems.add('tag_file_changed', name, `${name} has ${found.size} bytes; at most ${maxBytes} are read.`);
    return undefined;
  }
  const handle = await openRegularFile(join(root, name));
  try {
    return handle && (await readAt(handle, 0, found.size));
  } finally {
    await handle?.close();
  }
}

async function checkTagFile(root, { name, bytes }, checks) {
  const found = await readTagFile(root, name, Math.max(bytes.length, 64), checks);
  if (found === undefined || found.equals(bytes)) return;
  checks.problems.add(
    'tag_file_changed',
    name,
    `${name} is not what follows from the manifest: it was changed.`,
  );
}

async function checkPayloadFile(root, file, checks) {
  const handle = await openRegularFile(join(root, file.name));
  if (handle === undefined) {
    checks.problems.add('file_kind', file.name, `${file.name} is no regular file any more; it was not read.`);
    return;
  }
  const check = new PayloadCheck(file, file.name, checks.problems);
  try {
    for await (const block of readBlocks(handle)) {
      await check.push(block);
      checks.onBytes(block.length);
    }
  } finally {
    await handle.close();
  }
  await check.end();
}

// ---- src/packages/lay-out-zip.ts --------------------------------------------------------------------------------

const LOCAL_BYTES = 30;
const CENTRAL_BYTES = 46;

/** Reserved to say “see the ZIP64 field” (APPNOTE 4.4.1.4): a value must be less to stand for itself. */
const MAX_32 = 0xffffffff;
const MAX_16 = 0xffff;
const VERSION = 20;
const VERSION_ZIP64 = 45;
const UTF8_NAMES = 1 << 11;

/** “Made by”: Unix (APPNOTE 4.4.2). */
const UNIX = 3 << 8;
const REGULAR_FILE_0644 = (0o100644 << 16) >>> 0;

/**
 * Lays out a package's zip as docs/package.md says (PKWARE APPNOTE 6.3): stored entries in the given order in one
 * folder, then the central directory; ZIP64 fields exactly where a value does not fit. Pure: equal arguments give
 * equal zips, which is what lets a download be resumed and a verifier compare every byte.
 * @param time of every entry: UTC, even seconds, 1980 to 2107
 */
function layOutZip(folder, entries, time) {
  const localOffsets = new Float64Array(entries.length + 1);
  const centralOffsets = new Float64Array(entries.length + 1);
  let offset = 0;
  for (const [index, entry] of entries.entries()) {
    localOffsets[index] = offset;
    offset += LOCAL_BYTES + nameBytes(folder, entry) + (entry.bytes < MAX_32 ? 0 : 20) + entry.bytes;
  }
  localOffsets[entries.length] = offset;
  for (const [index, entry] of entries.entries()) {
    centralOffsets[index] = offset;
    offset += CENTRAL_BYTES + nameBytes(folder, entry);
    const wide = (entry.bytes < MAX_32 ? 0 : 16) + (localOffsets[index] < MAX_32 ? 0 : 8);
    if (wide > 0) offset += 4 + wide;
  }
  centralOffsets[entries.length] = offset;
  const layout = { totalBytes: 0, folder, entries, stamp: stampOf(time), localOffsets, centralOffsets };
  layout.totalBytes = offset + endOf(layout).length;
  return layout;
}

/**
 * What lies in the byte range from `start` up to, but without, `end`, in order and without gaps. Pieces of the
 * structure are cut to the range; memory does not grow with the range. For all of it: 0, `layout.totalBytes`.
 */
function* sliceLayout(layout, start, end) {
  const { entries, localOffsets, centralOffsets } = layout;
  const count = entries.length;
  for (let i = lastAtOrBefore(localOffsets, start); i < count && localOffsets[i] < end; i++) {
    const offset = localOffsets[i];
    const header = localHeader(layout, i);
    yield* cut(header, offset, start, end);
    const contents = offset + header.length;
    const from = Math.max(0, start - contents);
    const to = Math.min(entries[i].bytes, end - contents);
    if (from < to) yield { offset: contents + from, entry: i, from, to };
  }
  for (let i = lastAtOrBefore(centralOffsets, start); i < count && centralOffsets[i] < end; i++) {
    yield* cut(centralRecord(layout, i), centralOffsets[i], start, end);
  }
  const directoryEnd = centralOffsets[count];
  if (end > directoryEnd) yield* cut(endOf(layout), directoryEnd, start, end);
}

function* cut(bytes, offset, start, end) {
  const from = Math.max(0, start - offset);
  const to = Math.min(bytes.length, end - offset);
  if (from < to) yield { offset: offset + from, bytes: bytes.subarray(from, to) };
}

/** APPNOTE 4.3.7. */
function localHeader({ folder, entries, stamp }, index) {
  const { name, bytes, crc32 } = entries[index];
  const isWide = bytes >= MAX_32;
  // 4.5.3: in a local header the field holds both sizes.
  const extra = isWide ? zip64Field([bytes, bytes]) : Buffer.alloc(0);
  const path = Buffer.from(`${folder}/${name}`);
  const header = Buffer.alloc(LOCAL_BYTES);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(isWide ? VERSION_ZIP64 : VERSION, 4);
  header.writeUInt16LE(UTF8_NAMES, 6);
  header.writeUInt32LE(stamp, 10); // at 8: method 0, stored
  header.writeUInt32LE(crc32, 14);
  header.writeUInt32LE(Math.min(bytes, MAX_32), 18);
  header.writeUInt32LE(Math.min(bytes, MAX_32), 22);
  header.writeUInt16LE(path.length, 26);
  header.writeUInt16LE(extra.length, 28);
  return Buffer.concat([header, path, extra]);
}

/** APPNOTE 4.3.12. */
function centralRecord({ folder, entries, stamp, localOffsets }, index) {
  const { name, bytes, crc32 } = entries[index];
  const offset = localOffsets[index];
  const wide = [...(bytes < MAX_32 ? [] : [bytes, bytes]), ...(offset < MAX_32 ? [] : [offset])];
  const version = wide.length > 0 ? VERSION_ZIP64 : VERSION;
  const extra = wide.length > 0 ? zip64Field(wide) : Buffer.alloc(0);
  const path = Buffer.from(`${folder}/${name}`);
  const record = Buffer.alloc(CENTRAL_BYTES);
  record.writeUInt32LE(0x02014b50, 0);
  record.writeUInt16LE(UNIX | version, 4);
  record.writeUInt16LE(version, 6);
  record.writeUInt16LE(UTF8_NAMES, 8);
  record.writeUInt32LE(stamp, 12); // at 10: method 0, stored
  record.writeUInt32LE(crc32, 16);
  record.writeUInt32LE(Math.min(bytes, MAX_32), 20);
  record.writeUInt32LE(Math.min(bytes, MAX_32), 24);
  record.writeUInt16LE(path.length, 28);
  record.writeUInt16LE(extra.length, 30);
  record.writeUInt32LE(REGULAR_FILE_0644, 38);
  record.writeUInt32LE(Math.min(offset, MAX_32), 42);
  return Buffer.concat([record, path, extra]);
}

/** What comes after the directory's records: APPNOTE 4.3.14 and 4.3.15 where needed, and 4.3.16. */
function endOf({ entries, localOffsets, centralOffsets }) {
  const count = entries.length;
  const offset = localOffsets[count];
  const sizeBytes = centralOffsets[count] - offset;
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Math.min(count, MAX_16), 8);
  end.writeUInt16LE(Math.min(count, MAX_16), 10);
  end.writeUInt32LE(Math.min(sizeBytes, MAX_32), 12);
  end.writeUInt32LE(Math.min(offset, MAX_32), 16);
  if (count < MAX_16 && sizeBytes < MAX_32 && offset < MAX_32) return end;
  const wide = Buffer.alloc(56 + 20);
  wide.writeUInt32LE(0x06064b50, 0);
  wide.writeBigUInt64LE(44n, 4); // of this record, without these first 12 bytes
  wide.writeUInt16LE(UNIX | VERSION_ZIP64, 12);
  wide.writeUInt16LE(VERSION_ZIP64, 14);
  wide.writeBigUInt64LE(BigInt(count), 24);
  wide.writeBigUInt64LE(BigInt(count), 32);
  wide.writeBigUInt64LE(BigInt(sizeBytes), 40);
  wide.writeBigUInt64LE(BigInt(offset), 48);
  wide.writeUInt32LE(0x07064b50, 56);
  wide.writeBigUInt64LE(BigInt(centralOffsets[count]), 64);
  wide.writeUInt32LE(1, 72); // disks
  return Buffer.concat([wide, end]);
}

/** APPNOTE 4.5.3. */
function zip64Field(values) {
  const field = Buffer.alloc(4 + 8 * values.length);
  field.writeUInt16LE(1, 0);
  field.writeUInt16LE(8 * values.length, 2);
  values.forEach((value, index) => field.writeBigUInt64LE(BigInt(value), 4 + 8 * index));
  return field;
}

/** DOS time in the lower 16 bits, date in the upper ones (APPNOTE 4.4.6). */
function stampOf(time) {
  const at = new Date(Math.min(Math.max(time.getTime(), Date.UTC(1980)), Date.UTC(2108) - 1));
  const date = ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate();
  const clock = (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1);
  return date * 0x10000 + clock;
}

/** Names are ASCII: a character is a byte. */
function nameBytes(folder, { name }) {
  return folder.length + 1 + name.length;
}

/** Index of the last offset that is not behind `position`; 0 if all are. */
function lastAtOrBefore(offsets, position) {
  let low = 0;
  let high = offsets.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (offsets[middle] <= position) low = middle;
    else high = middle - 1;
  }
  return low;
}

// ---- src/packages/lay-out-package.ts ----------------------------------------------------------------------------

/**
 * The zip of a package: its entries are the tag files, the parts and the files, in this order, so that
 * `entries[i]` of the layout is `[...tagFiles, ...manifest.parts, ...manifest.files][i]`.
 */
function layOutPackage(manifest, tagFiles) {
  const entries = [
    ...tagFiles.map(({ name, bytes }) => ({ name, bytes: bytes.length, crc32: crc32(bytes) })),
    ...[...manifest.parts, ...manifest.files].map((file) => ({
      name: file.name,
      bytes: file.bytes,
      crc32: Number.parseInt(file.crc32, 16),
    })),
  ];
  return layOutZip(manifest.name, entries, new Date(manifest.snapshot_at));
}

// ---- src/verify/check-zip.ts ------------------------------------------------------------------------------------

const LOCAL_HEADER = Buffer.from('PK\x03\x04');
const FIRST_ENTRIES = ['bagit.txt', 'bag-info.txt', 'manifest.json', 'manifest.json.sig'];

/**
 * Checks a package that lies as a zip. The manifest is among the first entries, each of which states its length;
 * from it follows what every byte of the zip must be, so the zip's own directory is compared and never trusted.
 */
async function checkZip(handle, checks) {
  const { size } = await handle.stat();
  const [, , manifestBytes, signature] = (await readFirstEntries(handle, size, checks)) ?? [];
  if (manifestBytes === undefined || signature === undefined) return undefined;
  const signed = await readManifest(manifestBytes, signature, 'convey.package.v1', checks);
  if (signed === undefined) return undefined;
  const tagFiles = tagFilesOf(signed.manifest, manifestBytes, signature);
  const layout = layOutPackage(signed.manifest, tagFiles);
  checks.onTotal(layout.totalBytes);
  if (size !== layout.totalBytes) {
    const what = `The zip has ${size} bytes; by its manifest it has ${layout.totalBytes}: something was added or is missing.`;
    checks.problems.add('zip_size', '', what);
  }
  await new ZipComparison(layout, tagFiles, [...signed.manifest.parts, ...signed.manifest.files], checks).run(
    handle,
  );
  return signed;
}

/** Contents of the entries up to the signature. Undefined, and said why, if they are not as Convey writes them. */
async function readFirstEntries(handle, size, { problems }) {
  const contents = [];
  let offset = 0;
  for (const name of FIRST_ENTRIES) {
    const header = await readAt(handle, offset, 30);
    const isCutHere =
      header.length < 30 && LOCAL_HEADER.subarray(0, header.length).equals(header.subarray(0, 4));
    if (size > 0 && isCutHere) return cutOff(offset, name, problems);
    if (offset === 0 && !header.subarray(0, 4).equals(LOCAL_HEADER)) {
      problems.add('not_a_package', '', 'This is no package: it does not begin as a zip does.');
      return undefined;
    }
    const isWhole = header.length === 30 && header.subarray(0, 4).equals(LOCAL_HEADER);
    const bytes = isWhole ? header.readUInt32LE(18) : 0;
    const start = offset + 30 + (isWhole ? header.readUInt16LE(26) + header.readUInt16LE(28) : 0);
    const path = (await readAt(handle, offset + 30, isWhole ? header.readUInt16LE(26) : 0)).toString(
      'latin1',
    );
    const isStored = isWhole && header.readUInt16LE(8) === 0 && (header.readUInt16LE(6) & 8) === 0;
    const isOurs = isStored && (path.endsWith(`/${name}`) || offset + 30 + header.readUInt16LE(26) > size);
    if (isOurs && start + bytes > size && bytes <= MAX_MANIFEST_BYTES) return cutOff(offset, name, problems);
    if (!isStored || !path.endsWith(`/${name}`) || start + bytes > size || bytes > MAX_MANIFEST_BYTES) {
      const what =
        'This zip was packed again by other software, or changed at its start ' +
        `(at byte ${offset}, where ${name} should begin); unpack it and verify the folder.`;
      problems.add('zip_packed_again', '', what);
      return undefined;
    }
    contents.push(await readAt(handle, start, bytes));
    offset = start + bytes;
  }
  return contents;
}

function cutOff(offset, name, problems) {
  const what = `This zip was cut off: it ends within ${name}, which begins at byte ${offset}. Get a fresh copy.`;
  problems.add('zip_size', '', what);
  return undefined;
}

/** Compares a zip with its layout, byte by byte, in one reading from start to end. */
class ZipComparison {
  #layout;
  #tagFiles;
  #payload;
  #checks;
  /** Kept apart: if most headers differ, one sentence says more than all of these. */
  #differences = new ProblemList();
  #differentPieces = 0;
  #hasDiffered = false;
  #check;

  constructor(layout, tagFiles, payload, checks) {
    this.#layout = layout;
    this.#tagFiles = tagFiles;
    this.#payload = payload;
    this.#checks = checks;
  }

  async run(handle) {
    const pieces = sliceLayout(this.#layout, 0, this.#layout.totalBytes);
    let piece = this.#begin(pieces.next().value);
    let done = 0; // of the piece
    for await (const block of readBlocks(handle)) {
      this.#checks.onBytes(block.length);
      for (let at = 0; at < block.length && piece !== undefined; ) {
        const length = Math.min(lengthOf(piece) - done, block.length - at);
        await this.#compare(piece, done, block.subarray(at, at + length));
        at += length;
        done += length;
        if (done < lengthOf(piece)) continue;
        await this.#end();
        piece = this.#begin(pieces.next().value);
        done = 0;
      }
      if (piece === undefined) break; // what lies behind the end is told by the size
    }
    await this.#end();
    // An entry without bytes has no piece, but its digest and counts are stated all the same.
    for (const file of this.#payload)
      if (file.bytes === 0) await new PayloadCheck(file, file.name, this.#checks.problems).end();
    this.#report();
  }

  #begin(piece) {
    this.#hasDiffered = false;
    if (piece !== undefined && 'entry' in piece) {
      const file = this.#payload[piece.entry - this.#tagFiles.length];
      if (file !== undefined) this.#check = new PayloadCheck(file, file.name, this.#checks.problems);
    }
    return piece;
  }

  async #compare(piece, done, found) {
    if (this.#check !== undefined) return await this.#check.push(found);
    const tagFile = 'entry' in piece ? this.#tagFiles[piece.entry] : undefined;
    const bytes = 'bytes' in piece ? piece.bytes : tagFile.bytes;
    const expected = bytes.subarray(done, done + found.length);
    if (this.#hasDiffered || found.equals(expected)) return;
    this.#hasDiffered = true;
    const at = found.findIndex((byte, index) => byte !== expected[index]);
    const offset = piece.offset + done + at;
    if (tagFile !== undefined) {
      const what = `${tagFile.name} is not what follows from the manifest: it was changed (byte ${offset} of the zip).`;
      this.#checks.problems.add('tag_file_changed', tagFile.name, what);
      return;
    }
    this.#differentPieces++;
    const what = `Byte ${offset} of the zip, between its files, is ${found[at]} and by the manifest ${expected[at]}.`;
    this.#differences.add('zip_changed', '', what);
  }

  async #end() {
    await this.#check?.end();
    this.#check = undefined;
  }

  #report() {
    const { problems } = this.#checks;
    // Every entry has a header in two places.
    if (this.#differentPieces > this.#layout.entries.length) {
      const what =
        'This zip was packed again by other software (its headers are not as Convey writes them); ' +
        'unpack it and verify the folder.';
      problems.add('zip_packed_again', '', what);
      return;
    }
    for (const { code, place, message } of this.#differences.found) problems.add(code, place, message);
  }
}

function lengthOf(piece) {
  return 'bytes' in piece ? piece.bytes.length : piece.to - piece.from;
}

// ---- src/verify/verify-package.ts -------------------------------------------------------------------------------

/** Larger than the receipt of any one file. */
const MAX_RECEIPT_BYTES = 16_000_000;

/**
 * Verifies a package, as a folder or a zip, against docs/package.md: signature and key, that exactly the listed
 * files are there, each file's bytes, and its records, counted anew. Reads every file once and writes nothing.
 * @throws BadPinError for `options` that cannot be understood; never because of what lies at `path`
 */
async function verifyPackage(path, options = {}) {
  const pins = readPins(options.keys ?? [], options.trust);
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return await runChecks(isFolder ? 'folder' : 'zip', pins, options, async (checks) => {
    if (isFolder) return await checkFolder(path, checks);
    const handle = await openRegularFile(path, true);
    if (handle === undefined) return notAFile(checks);
    try {
      return await checkZip(handle, checks);
    } finally {
      await handle.close();
    }
  });
}

/** Verifies a file that was sent at once against its receipt, in the same way. */
async function verifyFile(path, receiptPath, options = {}) {
  const pins = readPins(options.keys ?? [], options.trust);
  return await runChecks('file', pins, options, async (checks) => {
    const receipt = await openRegularFile(receiptPath, true);
    const receiptBytes =
      receipt && (await readAt(receipt, 0, Math.min((await receipt.stat()).size, MAX_RECEIPT_BYTES)));
    await receipt?.close();
    const signed = receiptBytes && (await readReceipt(receiptBytes, basename(receiptPath), checks));
    const part = signed?.manifest.parts[0];
    if (part === undefined) return undefined;
    const handle = await openRegularFile(path, true);
    if (handle === undefined) return notAFile(checks);
    checks.onTotal((await handle.stat()).size);
    const check = new PayloadCheck(part, basename(path), checks.problems);
    try {
      for await (const block of readBlocks(handle)) {
        await check.push(block);
        checks.onBytes(block.length);
      }
    } finally {
      await handle.close();
    }
    await check.end();
    return signed;
  });
}

async function runChecks(kind, pins, { onProgress, signal }, run) {
  const problems = new ProblemList();
  let bytes = 0;
  let totalBytes = 0;
  const onBytes = (more) => {
    signal?.throwIfAborted();
    onProgress?.((bytes += more), totalBytes);
  };
  const onTotal = (total) => (totalBytes = total);
  let signed;
  try {
    signed = await run({ pins, problems, onBytes, onTotal });
  } catch (error) {
    signal?.throwIfAborted();
    problems.add('unreadable', '', whyUnreadable(error));
  }
  const manifest = signed?.manifest;
  return {
    ok: signed?.trust !== undefined && problems.found.length === 0,
    kind,
    name: (kind === 'file' ? manifest?.parts[0]?.name : manifest?.name) ?? null,
    signed_by: signed?.isSigned === true ? signed.manifest.signer.fingerprint : null,
    trusted: signed?.trust ?? null,
    snapshot_at: manifest?.snapshot_at ?? null,
    export: manifest?.export ?? null,
    workspace: manifest?.workspace ?? null,
    filter: manifest?.filter ?? null,
    audience: manifest?.audience ?? null,
    manifest_sha256: signed?.sha256 ?? null,
    chain: manifest?.chain ?? null,
    is_counted: manifest?.parts.some(({ layout }) => datasetsOf(layout) !== undefined) ?? false,
    counts: manifest?.counts ?? {},
    parts: manifest?.parts.length ?? 0,
    files: manifest?.files.length ?? 0,
    missing_files: manifest?.missing_files ?? [],
    left_out: manifest?.left_out ?? [],
    redactions: manifest?.redactions ?? [],
    anonymized: manifest?.anonymized ?? null,
    problems: problems.found,
    more_problems: problems.unlisted,
  };
}

function notAFile({ problems }) {
  problems.add('not_a_package', '', 'This is neither a folder nor a regular file.');
}

function whyUnreadable({ code, path, message }) {
  const what = path ?? 'The package';
  if (code === 'ENOENT') return `${what} is not there.`;
  if (code === 'EACCES' || code === 'EPERM') return `${what} may not be read by this user.`;
  return `It could not be read to its end: ${message}.`;
}

// ---- src/verify/run-verify.ts -----------------------------------------------------------------------------------

const PROGRESS_MS = 200;

/**
 * Verifies and says on standard output what it found (nothing if `quiet`), with progress on a terminal.
 * @returns the exit code: 0 verified, 1 not
 * @throws BadPinError for keys that cannot be used
 */
async function runVerify({ path, receipt, ...shared }, signal) {
  const { options, done } = await readShared(shared, signal);
  const receiptPath = receipt ?? (await findReceipt(path));
  const result =
    receiptPath === undefined
      ? await verifyPackage(path, options)
      : await verifyFile(path, receiptPath, options);
  done(result, describeVerification(result));
  return result.ok ? 0 : 1;
}

/** Reads keys and how to report; `done` says what was found. @throws BadPinError for keys that cannot be used */
async function readShared({ key = [], trust, json, quiet }, signal) {
  const keys = [];
  for (const name of key) keys.push(/^sha256:/i.test(name) ? name : await readPin(name));
  const isShown = process.stderr.isTTY && json !== true && quiet !== true;
  let shownAt = 0;
  const options = {
    keys,
    ...(signal === undefined ? {} : { signal }),
    ...(trust === undefined ? {} : { trust: await readPin(trust) }),
    onProgress(bytes, totalBytes) {
      if (!isShown || Date.now() - shownAt < PROGRESS_MS) return;
      shownAt = Date.now();
      const share = totalBytes > 0 ? `${Math.floor((bytes / totalBytes) * 100)} %  ` : '';
      process.stderr.write(`\r\x1b[2KVerifying  ${share}${(bytes / 1e6).toFixed(1)} MB`);
    },
  };
  return {
    options,
    done(result, lines) {
      if (shownAt > 0) process.stderr.write('\r\x1b[2K');
      if (json === true) process.stdout.write(`${JSON.stringify(result)}\n`);
      else if (quiet !== true) process.stdout.write(`${lines.join('\n')}\n`);
    },
  };
}

/** The receipt that the command line writes beside a file. */
async function findReceipt(path) {
  const beside = `${path}.receipt.json`;
  const isFile = await stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
  if (!isFile) return undefined;
  return await access(beside).then(
    () => beside,
    () => undefined,
  );
}

async function readPin(name) {
  try {
    return await readFile(name, 'utf8');
  } catch {
    throw new BadPinError(`${name} is neither a fingerprint (sha256:…) nor a file that can be read.`);
  }
}

// ---- src/verify/describe-chain.ts -------------------------------------------------------------------------------

const REASONS = {
  request_changed: 'starts anew with everything: what is exported was changed',
  restarted: 'starts anew with everything: somebody restarted the schedule',
  database_replaced: 'starts anew with everything: the database was restored or moved',
  erasure: 'was taken back because a person in it was erased',
};

/** The verification of a chain in plain words, line by line. */
function describeChain(result) {
  const { ok, schedule, first, last, head, packages, gaps, problems, more_problems: more } = result;
  const number = packages.length === 1 ? '1 package' : `${packages.length} packages`;
  const lines = ok
    ? [`unbroken: ${number} of ${schedule}, number ${first} to ${last}`]
    : problems.map(({ message }) => `NOT OK: ${message}`);
  if (more > 0) lines.push(`NOT OK: and ${more} problems more`);
  if (head !== null) lines.push(`  head ${head}: give it to --head, so that a tail that was cut off is seen`);
  return [...lines, ...gaps.map(describeGap)].map(printable);
}

function describeGap({ reason, at, sequence }) {
  return `  number ${sequence} ${REASONS[reason]} (${at}; signed)`;
}

// ---- src/verify/verify-chain.ts ---------------------------------------------------------------------------------

/**
 * Verifies the packages of one schedule and that they are a chain: each names the manifest before it, begins where
 * that one ended, and no number is missing or there twice. A fresh start or a package that was taken back is accepted
 * where a signed manifest of the chain says so, and is named.
 * @throws BadPinError for `options` that cannot be understood; never because of what lies at the paths
 */
async function verifyChain(paths, { head, isUnordered = false, ...options } = {}) {
  const problems = new ProblemList();
  const packages = [];
  for (const path of paths) {
    const result = await verifyPackage(path, options);
    packages.push({ path, sequence: result.chain?.sequence ?? null, result });
    const first = result.problems[0]?.message ?? 'it could not be verified';
    if (!result.ok) problems.add('chain_package', path, `${basename(path)} does not verify: ${first}`);
  }
  if (packages.length === 0) problems.add('chain_none', '', 'There is no package.');
  const links = linksOf(packages, problems);
  const schedule = packages.find(({ result }) => result.chain !== null)?.result.chain?.schedule ?? null;
  if (!isUnordered) checkOrder(packages, problems);
  const gaps = checkLinks(links, problems);
  const last = links.filter(({ gaps: own }) => own !== undefined).at(-1);
  if (head !== undefined && last?.sha256 !== head)
    problems.add('chain_head', last?.name ?? '', whyNotHead(links, last, head));
  return {
    ok: problems.found.length === 0,
    schedule,
    first: links[0]?.sequence ?? null,
    last: last?.sequence ?? null,
    head: last?.sha256 ?? null,
    reaches: last?.to ?? null,
    packages,
    gaps,
    problems: problems.found,
    more_problems: problems.unlisted,
  };
}

/** The places of the chain in their order, with those that signed gaps fill. */
function linksOf(packages, problems) {
  const links = new Map();
  let origin;
  for (const { path, result } of packages) {
    const { chain, manifest_sha256: sha256, workspace } = result;
    const name = basename(path);
    if (chain === null || sha256 === null) {
      // What could not be read was reported as that.
      if (sha256 !== null)
        problems.add('chain_none', path, `${name} is no part of a chain: its manifest names none.`);
      continue;
    }
    origin ??= { schedule: chain.schedule, workspace: workspace.id };
    if (chain.schedule !== origin.schedule || workspace.id !== origin.workspace) {
      problems.add('chain_foreign', path, `${name} is of another schedule (${chain.schedule}).`);
      continue;
    }
    const before = links.get(chain.sequence);
    if (before === undefined) links.set(chain.sequence, { ...chain, name, sha256 });
    else {
      const what =
        before.sha256 === sha256
          ? 'are the same package'
          : `both say that they are number ${chain.sequence}: the chain forks`;
      problems.add('chain_fork', path, `${before.name} and ${name} ${what}.`);
    }
  }
  // Only what a package that verifies says about others counts.
  for (const { result } of packages) {
    if (!result.ok || result.chain === null || result.chain.schedule !== origin?.schedule) continue;
    for (const gap of result.chain.gaps) {
      if (gap.reason !== 'erasure' || links.has(gap.sequence) || gap.sequence >= result.chain.sequence)
        continue;
      links.set(gap.sequence, {
        ...gap,
        sha256: gap.manifest_sha256,
        name: `number ${gap.sequence}`,
        gaps: undefined,
      });
    }
  }
  const all = [...links.values()].sort((a, b) => a.sequence - b.sequence);
  const first = all.findIndex(({ gaps }) => gaps !== undefined);
  // What was taken back before a fresh start is no part of what is here.
  return all[first]?.from === null ? all.slice(first) : all;
}

/** Given one by one, they must come in the chain's order: whoever names them claims that order. */
function checkOrder(packages, problems) {
  let before = 0;
  for (const { path, sequence } of packages) {
    if (sequence === null) continue;
    if (sequence < before) {
      const what = `${basename(path)} is number ${sequence}, but stands behind number ${before}.`;
      problems.add('chain_order', path, `${what} Name them in their order, or the folder that they are in.`);
    }
    before = sequence;
  }
}

function checkLinks(links, problems) {
  const gaps = [];
  for (const [index, link] of links.entries()) {
    const { sequence, name } = link;
    const before = links[index - 1];
    for (const { reason, at } of link.gaps ?? [])
      if (reason !== 'erasure') gaps.push({ reason, at, sequence });
    if (before === undefined) {
      checkFirst(link, problems);
      continue;
    }
    if (sequence !== before.sequence + 1) {
      const holes =
        sequence === before.sequence + 2
          ? `number ${sequence - 1} is`
          : `numbers ${before.sequence + 1} to ${sequence - 1} are`;
      problems.add('chain_missing', name, `Before ${name}, which is number ${sequence}, ${holes} missing.`);
      continue;
    }
    if (link.prev_manifest_sha256 !== before.sha256) {
      const what = `${name} names ${link.prev_manifest_sha256 ?? 'no manifest'} as the one before it`;
      problems.add('chain_broken', name, `${what}, but ${before.name} has ${before.sha256}.`);
    }
    if (link.from === null ? !mayStart(link) : !isSame(link.from, before.to)) {
      const what = `${name} begins at ${tellPlace(link.from)}, but ${before.name} ends at ${tellPlace(before.to)}`;
      problems.add('chain_missing', name, `${what}, and nothing that is signed says why.`);
    }
  }
  for (const { gaps: own, sequence, name } of links) {
    if (own === undefined) gaps.push({ reason: 'erasure', at: erasedAt(links, sequence) ?? name, sequence });
  }
  return gaps.sort((a, b) => a.sequence - b.sequence);
}

/** The first package that is here holds everything: it is number 1, or starts anew and says why. */
function checkFirst(link, problems) {
  const { sequence, from, prev_manifest_sha256: previous, name } = link;
  if (from !== null || (sequence > 1 && !mayStart(link)))
    problems.add(
      'chain_start',
      name,
      `${name} is number ${sequence} and goes on from an earlier package, which is not here.`,
    );
  else if ((sequence === 1) !== (previous === null))
    problems.add(
      'chain_start',
      name,
      `${name} is number ${sequence}, which does not go with what it follows.`,
    );
}

/** Whether a package that holds everything again says why; of one that was taken back nobody can look. */
function mayStart({ gaps, sequence }) {
  return sequence === 1 || gaps === undefined || gaps.length > 0;
}

function erasedAt(links, sequence) {
  const all = links.flatMap(({ gaps }) => gaps ?? []);
  return all.find((gap) => gap.reason === 'erasure' && gap.sequence === sequence)?.at;
}

function whyNotHead(links, last, head) {
  const place = links.find(({ sha256 }) => sha256 === head);
  if (place !== undefined && last !== undefined)
    return `The newest package is ${last.name}, number ${last.sequence}: newer than the pinned head, number ${place.sequence}.`;
  return `The pinned head ${head} is not here: packages at the end are missing, or were replaced.`;
}

function isSame(a, b) {
  return a.epoch === b.epoch && a.xid === b.xid;
}

function tellPlace(at) {
  return at === null ? 'the beginning' : `${at.epoch}/${at.xid}`;
}

// ---- src/verify/run-verify-chain.ts -----------------------------------------------------------------------------

/**
 * Verifies a chain of packages and says on standard output what it found (nothing if `quiet`).
 * @returns the exit code: 0 verified, 1 not
 * @throws BadPinError for keys or a head that cannot be used
 */
async function runVerifyChain({ paths, head, ...shared }, signal) {
  if (head !== undefined && !/^(sha256:)?[0-9a-f]{64}$/i.test(head))
    throw new BadPinError('--head takes the SHA-256 of a manifest.json: 64 hexadecimal digits.');
  if (paths.length === 0) throw new BadPinError('--chain takes packages, or a folder of them.');
  const { options, done } = await readShared(shared, signal);
  const found = await findPackages(paths);
  const result = await verifyChain(found ?? paths, {
    ...options,
    isUnordered: found !== undefined,
    ...(head === undefined ? {} : { head: head.slice(-64).toLowerCase() }),
  });
  done(result, describeChain(result));
  return result.ok ? 0 : 1;
}

/** The packages in a folder that is none itself; undefined for anything else. */
async function findPackages([folder, ...more]) {
  if (folder === undefined || more.length > 0 || !(await isFolder(folder)) || (await isPackage(folder)))
    return undefined;
  const found = [];
  for (const name of (await readdir(folder)).sort()) {
    const path = join(folder, name);
    if (/\.zip$/i.test(name) || (await isPackage(path))) found.push(path);
  }
  return found;
}

async function isFolder(path) {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() === true;
}

async function isPackage(path) {
  const found = await stat(join(path, 'manifest.json')).catch(() => undefined);
  return found?.isFile() === true;
}

// ---- src/verify/main.ts -----------------------------------------------------------------------------------------

const USAGE = `Usage: node convey-verify.mjs <package.zip | folder | file>
       node convey-verify.mjs --chain <package.zip | folder> … (or a folder of packages)
  --receipt FILE               of a file that was sent at once; default: <file>.receipt.json, if there is one
  --key FINGERPRINT|PEM-FILE   a key that you trust; may be given more than once
  --trust KEYS.json            trust the keys of a convey-keys.json that you got from the server yourself
  --chain                      of a schedule's incremental packages: that none between them is missing
  --head SHA256                with --chain: the newest manifest.json, so that a tail that was cut off is seen
  --json                       the result as JSON, for programs
  --quiet                      say nothing
  --version                    which Convey this is of
Ends with 0 if everything is as it was signed by a key that you trust, 1 if not, 2 if it was not used right.
`;

/** Convey's: the build of the single file puts it here. */
const CONVEY_VERSION = '0.1.0';

/** The command line of the single-file verifier. */
async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      receipt: { type: 'string' },
      key: { type: 'string', multiple: true },
      trust: { type: 'string' },
      chain: { type: 'boolean' },
      head: { type: 'string' },
      json: { type: 'boolean' },
      quiet: { type: 'boolean' },
      version: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help === true) {
    process.stdout.write(USAGE);
    return 0;
  }
  if (values.version === true) {
    process.stdout.write(`convey-verify ${CONVEY_VERSION}\n`);
    return 0;
  }
  if (values.chain === true) return await runVerifyChain({ ...values, paths: positionals });
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0 || values.head !== undefined)
    throw new BadPinError('It takes one path; several, and --head, with --chain.');
  return await runVerify({ ...values, path });
}
ignoreBrokenPipes();

try {
  process.exitCode = await main();
} catch (error) {
  const isUsage = error instanceof BadPinError || String(error.code).startsWith('ERR_PARSE_ARGS');
  process.stderr.write(`${error.message}\n${isUsage ? USAGE : ''}`);
  process.exitCode = isUsage ? 2 : 1;
}

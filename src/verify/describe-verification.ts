import { describeScope } from './describe-scope.ts';
import { printable } from './problems.ts';
import type { Verification } from './verify-package.ts';

const MAX_LISTED = 20;

/** A verification in plain words, line by line: what it is, what is left out of it, or everything that is wrong. */
export function describeVerification(result: Verification): string[] {
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

function contentsOf(result: Verification): string[] {
  const { name, export: asked, counts, parts, files, snapshot_at, signed_by, trusted } = result;
  const number = (count: number, what: string) =>
    `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`;
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
function tellReplaced({ anonymized, redactions }: Verification): string[] {
  const told = redactions.map(
    ({ path, reason, count }) => `${path}: ${reason}, ${count.toLocaleString('en')} times`,
  );
  return [...(anonymized === null ? [] : [`anonymized: ${anonymized}`]), ...list('replaced', told)];
}

/** What a verifier cannot say of documents for people. */
function tellUnread(asked: Verification['export']): string[] {
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
function countedAs(dataset: string): [several: string, one: string] {
  const name = dataset.replaceAll('_', ' ');
  return [name, name.endsWith('ies') ? `${name.slice(0, -3)}y` : name.replace(/s$/, '')];
}

function whyTrusted(trusted: Verification['trusted'], signedBy: string): string {
  if (trusted === null) return 'which you do not trust';
  const chain = trusted.fingerprint === signedBy ? '' : ` through ${trusted.fingerprint}, which endorsed it`;
  return `which you trust${chain} (${trusted.by})`;
}

function list(title: string, items: readonly string[]): string[] {
  if (items.length === 0) return [];
  const more = items.length > MAX_LISTED ? [`  and ${items.length - MAX_LISTED} more`] : [];
  return [`${title}:`, ...items.slice(0, MAX_LISTED).map((item) => `  ${item}`), ...more];
}

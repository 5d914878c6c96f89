import { basename } from 'node:path';
import type { Chain, ChainGap, ChainPlace } from '../packages/manifest.ts';
import { type Problem, ProblemList } from './problems.ts';
import { type Verification, type VerifyOptions, verifyPackage } from './verify-package.ts';

export interface ChainOptions extends VerifyOptions {
  /** SHA-256 of the newest manifest.json, known from elsewhere: so that a tail that was cut off is seen. */
  head?: string;
  /** The paths are in no order, as a folder lists them; otherwise they must be in the chain's. */
  isUnordered?: boolean;
}

/** A break in a chain that the signer answers for. */
export interface NamedGap {
  reason: ChainGap['reason'];
  at: string;
  /** Place in the chain: of the package that starts anew, or of the one that was taken back. */
  sequence: number;
}

/** What the verification of a chain found. */
export interface ChainVerification {
  /** Every package is as it was signed, and none between the first and the last is missing or doubled. */
  ok: boolean;
  schedule: string | null;
  first: number | null;
  last: number | null;
  /** SHA-256 of the newest manifest.json: what the next package will name, and `--head` takes. */
  head: string | null;
  /** Up to which change the newest package reaches. */
  reaches: ChainPlace | null;
  packages: { path: string; sequence: number | null; result: Verification }[];
  gaps: NamedGap[];
  problems: Problem[];
  more_problems: number;
}

/** One place of the chain: a package that is here, or one that a later manifest says was taken back. */
interface Link extends Omit<Chain, 'schedule' | 'gaps'> {
  name: string;
  sha256: string;
  /** Why it may start anew; undefined for a package that was taken back, where nobody can look. */
  gaps: readonly ChainGap[] | undefined;
}

/**
 * Verifies the packages of one schedule and that they are a chain: each names the manifest before it, begins where
 * that one ended, and no number is missing or there twice. A fresh start or a package that was taken back is accepted
 * where a signed manifest of the chain says so, and is named.
 * @throws BadPinError for `options` that cannot be understood; never because of what lies at the paths
 */
export async function verifyChain(
  paths: readonly string[],
  { head, isUnordered = false, ...options }: ChainOptions = {},
): Promise<ChainVerification> {
  const problems = new ProblemList();
  const packages: ChainVerification['packages'] = [];
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
function linksOf(packages: ChainVerification['packages'], problems: ProblemList): Link[] {
  const links = new Map<number, Link>();
  let origin: { schedule: string; workspace: string } | undefined;
  for (const { path, result } of packages) {
    const { chain, manifest_sha256: sha256, workspace } = result;
    const name = basename(path);
    if (chain === null || sha256 === null) {
      // What could not be read was reported as that.
      if (sha256 !== null)
        problems.add('chain_none', path, `${name} is no part of a chain: its manifest names none.`);
      continue;
    }
    origin ??= { schedule: chain.schedule, workspace: workspace!.id };
    if (chain.schedule !== origin.schedule || workspace!.id !== origin.workspace) {
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
function checkOrder(packages: ChainVerification['packages'], problems: ProblemList): void {
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

function checkLinks(links: readonly Link[], problems: ProblemList): NamedGap[] {
  const gaps: NamedGap[] = [];
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
function checkFirst(link: Link, problems: ProblemList): void {
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
function mayStart({ gaps, sequence }: Link): boolean {
  return sequence === 1 || gaps === undefined || gaps.length > 0;
}

function erasedAt(links: readonly Link[], sequence: number): string | undefined {
  const all = links.flatMap(({ gaps }) => gaps ?? []);
  return all.find((gap) => gap.reason === 'erasure' && gap.sequence === sequence)?.at;
}

function whyNotHead(links: readonly Link[], last: Link | undefined, head: string): string {
  const place = links.find(({ sha256 }) => sha256 === head);
  if (place !== undefined && last !== undefined)
    return `The newest package is ${last.name}, number ${last.sequence}: newer than the pinned head, number ${place.sequence}.`;
  return `The pinned head ${head} is not here: packages at the end are missing, or were replaced.`;
}

function isSame(a: ChainPlace, b: ChainPlace): boolean {
  return a.epoch === b.epoch && a.xid === b.xid;
}

function tellPlace(at: ChainPlace | null): string {
  return at === null ? 'the beginning' : `${at.epoch}/${at.xid}`;
}

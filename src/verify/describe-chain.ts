import type { ChainGap } from '../packages/manifest.ts';
import { printable } from './problems.ts';
import type { ChainVerification, NamedGap } from './verify-chain.ts';

const REASONS: Readonly<Record<ChainGap['reason'], string>> = {
  request_changed: 'starts anew with everything: what is exported was changed',
  restarted: 'starts anew with everything: somebody restarted the schedule',
  database_replaced: 'starts anew with everything: the database was restored or moved',
  erasure: 'was taken back because a person in it was erased',
};

/** The verification of a chain in plain words, line by line. */
export function describeChain(result: ChainVerification): string[] {
  const { ok, schedule, first, last, head, packages, gaps, problems, more_problems: more } = result;
  const number = packages.length === 1 ? '1 package' : `${packages.length} packages`;
  const lines = ok
    ? [`unbroken: ${number} of ${schedule}, number ${first} to ${last}`]
    : problems.map(({ message }) => `NOT OK: ${message}`);
  if (more > 0) lines.push(`NOT OK: and ${more} problems more`);
  if (head !== null) lines.push(`  head ${head}: give it to --head, so that a tail that was cut off is seen`);
  return [...lines, ...gaps.map(describeGap)].map(printable);
}

function describeGap({ reason, at, sequence }: NamedGap): string {
  return `  number ${sequence} ${REASONS[reason]} (${at}; signed)`;
}

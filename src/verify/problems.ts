/** One thing that is wrong. */
export interface Problem {
  /** Stable, for programs. */
  code: ProblemCode;
  /** The file it is about, or the package. */
  place: string;
  /** A sentence for people. */
  message: string;
}

export type ProblemCode =
  | 'unreadable'
  | 'not_a_package'
  | 'manifest_malformed'
  | 'manifest_not_canonical'
  | 'receipt_malformed'
  | 'signature_invalid'
  | 'endorsement_invalid'
  | 'untrusted_key'
  | 'tag_file_changed'
  | 'file_missing'
  | 'file_renamed'
  | 'file_extra'
  | 'file_kind'
  | 'file_changed'
  | 'records_malformed'
  | 'records_miscounted'
  | 'zip_packed_again'
  | 'zip_changed'
  | 'zip_size'
  | 'chain_package'
  | 'chain_none'
  | 'chain_foreign'
  | 'chain_order'
  | 'chain_fork'
  | 'chain_missing'
  | 'chain_broken'
  | 'chain_start'
  | 'chain_head';

const MAX_PROBLEMS = 50;

/** All problems up to a limit, in the order they were found. */
export class ProblemList {
  readonly found: Problem[] = [];
  /** Of those beyond the limit only the number is kept. */
  unlisted = 0;

  add(code: ProblemCode, place: string, message: string): void {
    if (this.found.length < MAX_PROBLEMS) this.found.push({ code, place, message: printable(message) });
    else this.unlisted++;
  }
}

/** One line of text that others wrote, as it may be shown on a terminal: nothing in it steers it. */
export function harmless(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '\uFFFD');
}

/** Names and texts of a hostile package must not steer the reader's terminal, nor fill it. */
export function printable(text: string): string {
  const shown = harmless(text);
  return shown.length > 600 ? `${shown.slice(0, 600)}…` : shown;
}

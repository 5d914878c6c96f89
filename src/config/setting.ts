import type { Config } from '../config.ts';

/** How a setting is read. */
export interface Setting<Value> {
  environmentName: string;
  doc: string;
  /** Completes the sentence “takes …”. */
  takes: string;
  /** What an unset variable counts as: a text like any other, or worked out from the other settings. */
  fallback: string | { text: string; from: (others: Config) => Value };
  /** The value, or undefined when the text is not what the setting takes. */
  parse: (text: string) => Value | undefined;
  /** Its text never appears in a message. */
  isSecret?: boolean;
}

/** The settings of a group, by the names that the program uses. */
export type Settings<Group> = { [Name in keyof Group]: Setting<Group[Name]> };

const UNIT_MS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const UNIT_BYTES: Record<string, number> = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 };

function measure(
  units: Record<string, number>,
  least: number,
  most: number,
): (text: string) => number | undefined {
  return (text) => {
    const [, digits, unit] = /^(\d{1,12}) ?([A-Za-z]+)$/.exec(text) ?? [];
    const value = Number(digits) * (units[unit ?? ''] ?? Number.NaN);
    return value >= least && value <= most ? value : undefined;
  };
}

/** A time; the value in milliseconds. */
export const duration = (least: string, most: string) => ({
  takes: `a time from ${least} to ${most}: a number and ms, s, m, h or d (\`90s\`)`,
  parse: measure(UNIT_MS, measure(UNIT_MS, 0, Infinity)(least)!, measure(UNIT_MS, 0, Infinity)(most)!),
});

/** A size; the value in bytes. */
export const bytes = (least: string, most: string) => ({
  takes: `a size from ${least} to ${most}: a number and B, KiB, MiB or GiB`,
  parse: measure(
    UNIT_BYTES,
    measure(UNIT_BYTES, 0, Infinity)(least)!,
    measure(UNIT_BYTES, 0, Infinity)(most)!,
  ),
});

/** A whole number. */
export const integer = (least: number, most: number) => ({
  takes: `a whole number from ${least} to ${most}`,
  parse: (text: string) =>
    /^\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most ? Number(text) : undefined,
});

/** A text of a form. */
export const matching = (pattern: RegExp, takes: string) => ({
  takes,
  parse: (text: string) => (pattern.test(text) ? text : undefined),
});

/** Parts that are joined by commas, each once; undefined: one is not good. */
export function parseList(text: string, isGood: (part: string) => boolean): string[] | undefined {
  const parts = [...new Set(text.split(',').map((part) => part.trim()))];
  return parts.every(isGood) ? parts : undefined;
}

/** For a setting that is not set unless somebody sets it. */
export const none = { text: 'none', from: () => undefined };

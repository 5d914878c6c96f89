import { hexOf, mixBits, streams } from './random.ts';

export type IdKind =
  | 'conversation'
  | 'contact'
  | 'account'
  | 'message'
  | 'event'
  | 'ticket'
  | 'ticket_message'
  | 'file'
  | 'memory';

/**
 * Host products name their records in many ways. Each kind mixes some of them; the first 16 of a kind take
 * every way in turn. Two ways never give the same text, and one way never gives it twice.
 */
const WAYS = {
  uuid: (bits: number, index: number, seed: number) => {
    const head = hexOf(bits);
    const more = hexOf(mixBits(seed, streams.ids + 100, bits ^ index));
    return `${head}-${more.slice(0, 4)}-4${more.slice(4, 7)}-9${head.slice(0, 3)}-${more.slice(2, 6)}${ownHex(index)}`;
  },
  hex24: (bits: number, index: number) =>
    `6${hexOf(bits)}${hexOf(bits ^ 0x5bd1e995).slice(1)}${ownHex(index)}`,
  number: (_bits: number, index: number) => String(4_000_000_000 + index * 7),
  prefixed: (bits: number, index: number) => `ot_${ownHex(index)}${bits.toString(36)}`,
  unicode: (bits: number, index: number) =>
    `${['Gespräch', '会話', 'מספר', 'चैट', 'Ω', '💡'][bits % 6]!}-${index}`,
  path: (bits: number, index: number) => `shop/2026 ${'ABCD'[bits & 3]!}/no. ${index}`,
  address: (bits: number, index: number) => `<${bits.toString(36)}.${index}@example.org>`,
  encoded: (_bits: number, index: number) => `q=100%25&n=${index}#top?+"'`,
} as const;
type Way = keyof typeof WAYS;

const USUAL: readonly Way[] = [
  'uuid',
  'hex24',
  'uuid',
  'number',
  'prefixed',
  'hex24',
  'unicode',
  'uuid',
  'path',
  'hex24',
  'address',
  'uuid',
  'encoded',
  'hex24',
  'number',
  'uuid',
];

/** An index as eight hexadecimal digits that look random: times an odd number is one-to-one in 32 bits. */
function ownHex(index: number): string {
  return hexOf(Math.imul(index + 1, 0x9e3779b1));
}

const KINDS: readonly IdKind[] = [
  'conversation',
  'contact',
  'account',
  'message',
  'event',
  'ticket',
  'ticket_message',
  'file',
  'memory',
];
const salts = Object.fromEntries(KINDS.map((kind, salt) => [kind, salt * 1000 + streams.ids])) as Record<
  IdKind,
  number
>;

/** The id of the record of that kind and number: unique within its kind, and the same whoever asks. */
export function sampleId(seed: number, kind: IdKind, index: number): string {
  const bits = mixBits(seed, salts[kind], index);
  const way = USUAL[index < USUAL.length ? index : bits & 15]!;
  return WAYS[way](bits, index, seed);
}

const LONGEST_BYTES = 255;

/** Ids at the edges of what the grammar allows, by number of the contact. */
const contactSpecials: ReadonlyMap<number, string> = new Map([
  [16, '+15550100016'],
  [17, 'Zo\u00e9'],
  [18, 'Zoe\u0301'],
  [19, 'Walk-In'],
  [20, 'walk-in'],
  [21, `kiosk-${'x'.repeat(LONGEST_BYTES - 6)}`],
  [22, '0'],
  [23, '...'],
]);

/** A contact's id: sometimes their own address, as many host products do. */
export function contactId(seed: number, index: number): string {
  const special = contactSpecials.get(index);
  if (special !== undefined) return special;
  return index % 11 === 5 ? `visitor.${index}@example.net` : sampleId(seed, 'contact', index);
}

import { emoji } from './rough-texts.ts';
import type { Phrases } from './phrases/declare.ts';
import { fillPhrase } from './phrases/phrases.ts';
import type { Random } from './random.ts';

const LEAST_BYTES = 5_000;
const MOST_BYTES = 60_000;

/** A message of 5 to 60 kB (UTF-8): a mail thread somebody forwarded, and the lamp's log under it. */
export function makeLongText(
  random: Random,
  phrases: Phrases,
  values: Readonly<Record<string, string>>,
  isLongest: boolean,
): string {
  // Squared: most are short for long ones.
  const share = random.below(1000) / 1000;
  const wanted = isLongest
    ? MOST_BYTES - 1_000
    : LEAST_BYTES + 500 + Math.floor(share * share * (MOST_BYTES - LEAST_BYTES - 3_000));
  const sentences = [...phrases.followUps, ...phrases.teammateReplies, phrases.topics.flicker.answer];
  const text = { parts: [] as string[], bytes: 0 };
  const add = (part: string): void => {
    text.parts.push(part);
    text.bytes += Buffer.byteLength(part);
  };
  for (let depth = 1; text.bytes < wanted / 2; depth++) {
    const quote = '> '.repeat(Math.min(depth, 8));
    add(`${quote}${fillPhrase(random.pick(sentences), values)}\r\n${quote}\r\n`);
  }
  add(`\r\n--- glow.log ${random.pick(emoji)} ---\r\n`);
  for (let line = 0; text.bytes < wanted; line++) {
    const level = random.pick(['INFO', 'WARN', 'DEBUG']);
    const celsius = `${random.between(18, 61)}.${random.below(10)}`;
    add(`${String(line).padStart(5, '0')}\t${level}\tring="${random.hex(6)}"\ttemp=${celsius}\\C\n`);
  }
  return text.parts.join('');
}

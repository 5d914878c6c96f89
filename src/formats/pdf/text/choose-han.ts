/** Who writes the Han characters of a text: Chinese, Japanese and Korean draw many of them differently. */
export type HanWriting = 'SC' | 'JP' | 'KR';

const KANA = /[\u3041-\u30ff\u31f0-\u31ff\uff66-\uff9d]/gu;
const HANGUL = /[\u1100-\u11ff\u3131-\u318e\ua960-\ua97f\uac00-\ud7fb]/gu;
/** At most so many characters of a text are looked at. */
const LOOKS_AT_CHARACTERS = 20_000;

/**
 * From the syllables that come with them: kana means Japanese, hangul Korean, neither `otherwise` (what the rest of
 * the conversation says) or Chinese.
 */
export function chooseHan(text: string, otherwise: HanWriting = 'SC'): HanWriting {
  const looked = text.slice(0, LOOKS_AT_CHARACTERS);
  const kana = looked.match(KANA)?.length ?? 0;
  const hangul = looked.match(HANGUL)?.length ?? 0;
  if (kana + hangul === 0) return otherwise;
  return kana >= hangul ? 'JP' : 'KR';
}

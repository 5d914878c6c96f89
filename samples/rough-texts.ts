/**
 * Things people really paste, each hard on some reader or writer of files: quoting, formulas, line ends,
 * backslashes, markup, bidirectional text, long graphemes. The first conversations take them in turn.
 */
export const roughTexts: readonly string[] = [
  '=HYPERLINK("https://help.example.com/?q="&A1,"open")',
  '=1+1',
  '+SUM(A1:A9)*2',
  '-2+3 is what the display shows',
  '@everyone is that right?',
  '\tdial held 5 s\tblue\r\n\tdial held 9 s\tnothing',
  'It says "no lamp nearby", then "try again", then ""; what now?',
  'First line\nsecond line\n\nfourth line, after an empty one',
  'Windows lines\r\nend with two\r\ncharacters each\r\n',
  'C:\\Users\\Public\\glow\\new\\table.log and \\\\nas\\scans\\"old"\\',
  'Your form sent me this: {"order":"OV-20417","note":"line\\nbreak","nested":[{"a":null},"\\u00e9"],"ok":true}',
  'id,amount,comment\n1,"4,90","He said ""fine"""\n2,,\n',
  '<b>bold?</b> <script>alert("no")</script> &amp; <img src=x onerror=alert(1)> ]]> --> </textarea>',
  '  two spaces before, and after  ',
  '👩🏾‍🔧👨‍👩‍👧‍👦🏳️‍🌈 5️⃣ 🇵🇱🇯🇵 👍🏽 ❤️‍🔥 🏴󠁧󠁢󠁳󠁣󠁴󠁿',
  'Zalgo-ish: l\u0334\u0321\u031bi\u0337\u035cg\u0336\u0328ht\u0335; composed caf\u00e9, decomposed cafe\u0301; ligature \ufb01; full width \uff21\uff22\uff23; \u{1d4a2}\u{1d4c1}\u2134\u{1d4cc}; \u{2070e}\u{20731}',
  'Mixed: מספר OV-12 בתוך עברית, ثم ١٢٣ عربي, and back. \u200fRTL mark\u200f \u2067isolated\u2069',
  'Non-breaking\u00a0space, zero\u200bwidth, soft\u00adhyphen, line\u2028separator, byte order mark \ufeff here',
  "'; drop table lamps; -- ${HOME} %s %d {{name}} $1 `date` \\0",
  '| a | b |\n|---|---|\n| 1 | *2* |\n\n```js\nconst x = "\\t";\n```',
  '1e309 NaN null undefined true 007 1.0 2026-02-30 00:00 ½ ٣',
  '#REF! ; 4,90 ; "a;b" ;\t;',
];

/** Emoji that people add: skin tones, joined ones, flags, keycaps, variation selectors. */
export const emoji = [
  '👍🏽',
  '💡',
  '🙏🏿',
  '👩🏾‍🔧',
  '👨‍👩‍👧‍👦',
  '🏳️‍🌈',
  '❤️',
  '🇵🇱',
  '5️⃣',
  '🫠',
  '👩‍❤️‍💋‍👨',
  '🏴󠁧󠁢󠁳󠁣󠁴󠁿',
  '🤷🏻‍♂️',
  '☀️',
] as const;

import { describe, expect, it } from 'vitest';
import { EndMark } from './end-mark.ts';
import type { FileType } from './export-kinds.ts';

const LAST = `{"_end":true,"records":2,"sha256":"${'0'.repeat(64)}"}\n`;

describe('the end mark', () => {
  it.each<[FileType, string]>([
    ['json', '[]\n'],
    ['json', '{"counts":{},"complete":true}\n'],
    ['ndjson', LAST],
    ['ndjson', `{"a":1}\n${LAST}`],
    ['csv', 'a,b\r\n'],
    ['zip', `PK\u0005\u0006${'\0'.repeat(18)}`],
  ])('of a whole %s is seen, however the file comes in pieces', (fileType, text) => {
    const bytes = new TextEncoder().encode('x'.repeat(5000) + (fileType === 'ndjson' ? '\n' : '') + text);
    for (const size of [1, 7, 4096, bytes.length]) {
      const mark = new EndMark(fileType);
      for (let at = 0; at < bytes.length; at += size) mark.see(bytes.subarray(at, at + size));
      expect(mark.isWhole(), `pieces of ${size}`).toBe(true);
    }
  });

  it.each<[FileType, string]>([
    ['json', '[\n{"body":"]'],
    ['json', '{"complete":true}'],
    ['ndjson', '{"body":"{\\"_end\\":true,}"}\n'],
    ['ndjson', LAST.slice(0, -1)],
    ['csv', 'a,b\r\n1'],
    ['zip', `PK\u0005\u0006${'\0'.repeat(17)}`],
  ])('of a %s cut short is missed', (fileType, text) => {
    const mark = new EndMark(fileType);
    mark.see(new TextEncoder().encode(text));
    expect(mark.isWhole()).toBe(false);
  });
});

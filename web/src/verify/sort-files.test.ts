import { expect, test } from 'vitest';
import { sortFiles } from './sort-files.ts';

const zip = (name: string) => [name, new File(['PK\u0003\u0004…'], name)] as const;
const text = (name: string) => [name, new File(['{}'], name)] as const;

test('one zip is a package, several are those of a schedule, in order', async () => {
  expect(await sortFiles([zip('a.zip')])).toEqual({ what: { path: 'a.zip' }, name: 'a.zip' });
  expect(await sortFiles([zip('b.zip'), zip('a.zip')])).toMatchObject({
    what: { chain: ['a.zip', 'b.zip'] },
  });
  // Its first bytes are damaged: the verifier says so.
  expect(await sortFiles([text('cut.zip')])).toMatchObject({ what: { path: 'cut.zip' } });
});

test('a file needs its receipt, whatever the order; a zip that was sent at once has one as well', async () => {
  const both = [text('c.csv.receipt.json'), text('c.csv')];
  const what = { path: 'c.csv', receipt: 'c.csv.receipt.json' };
  expect(await sortFiles(both)).toEqual({ what, name: 'c.csv' });
  expect(await sortFiles([zip('w.zip'), text('w.zip.receipt.json')])).toMatchObject({
    what: { receipt: 'w.zip.receipt.json' },
  });
  expect(await sortFiles([text('c.csv')])).toEqual({ unclear: 'needs receipt', name: 'c.csv' });
});

test('a folder is a package that was unpacked', async () => {
  const files = [text('bag/bagit.txt'), text('bag/manifest.json'), text('bag/data/a.ndjson')];
  expect(await sortFiles(files)).toEqual({ what: { path: 'bag' }, name: 'bag' });
});

test('what cannot be told apart is asked for again', async () => {
  expect(await sortFiles([text('a.csv'), text('b.csv')])).toMatchObject({ unclear: 'too many' });
  expect(await sortFiles([text('a.receipt.json')])).toMatchObject({ unclear: 'too many' });
  expect(await sortFiles([])).toMatchObject({ unclear: 'too many' });
});

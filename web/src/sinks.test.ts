import { afterEach, describe, expect, it, vi } from 'vitest';
import { canStreamToDisk, MEMORY_LIMIT_BYTES, openSink } from './sinks.ts';

const bytes = new Uint8Array(3);

/** A picker whose file remembers what happened to it. */
function stubPicker(writing: Partial<FileSystemWritableFileStream> = {}) {
  const calls: string[] = [];
  const noted = (name: string) => async () => void calls.push(name);
  const handle = {
    name: 'chosen.csv',
    createWritable: async () => ({
      write: noted('write'),
      close: noted('close'),
      abort: noted('abort'),
      ...writing,
    }),
    remove: noted('remove'),
  };
  const picker = vi.fn<(options: object) => Promise<typeof handle>>(async () => handle);
  vi.stubGlobal('showSaveFilePicker', picker);
  return { picker, calls };
}

afterEach(() => void vi.unstubAllGlobals());

describe('a file that the person chooses', () => {
  it('is there, under the chosen name, once it is closed', async () => {
    const { picker, calls } = stubPicker();
    expect(canStreamToDisk()).toBe(true);
    const sink = await openSink('suggested.csv', 'csv');
    await sink!.write(bytes);
    expect(await sink!.finish('server.csv')).toBe('chosen.csv');
    expect(calls).toEqual(['write', 'close']);
    expect(picker).toHaveBeenCalledWith(
      expect.objectContaining({
        suggestedName: 'suggested.csv',
        types: [{ description: 'CSV', accept: { 'text/csv': ['.csv'] } }],
      }),
    );
  });

  it('is removed when the download is thrown away, even if its stream has already failed', async () => {
    const { calls } = stubPicker({ abort: () => Promise.reject(new TypeError('closed')) });
    const sink = await openSink('suggested.csv', 'csv');
    await sink!.discard();
    expect(calls).toEqual(['remove']);
  });

  it('that takes no more bytes says so in our words', async () => {
    stubPicker({ write: () => Promise.reject(new DOMException('No space left.', 'QuotaExceededError')) });
    const sink = await openSink('suggested.csv', 'csv');
    await expect(sink!.write(bytes)).rejects.toMatchObject({
      code: 'web.cannot_write',
      detail: 'No space left.',
    });
  });

  it('is no error when the person closes the question', async () => {
    stubPicker().picker.mockRejectedValue(new DOMException('', 'AbortError'));
    expect(await openSink('suggested.csv', 'csv')).toBeUndefined();
  });
});

describe('the browser’s memory', () => {
  it('stands in where no file can be chosen, and refuses more than its limit', async () => {
    expect(canStreamToDisk()).toBe(false);
    const sink = await openSink('suggested.csv', 'csv');
    await sink!.write(bytes);
    const tooMuch = { length: MEMORY_LIMIT_BYTES } as Uint8Array<ArrayBuffer>;
    await expect(sink!.write(tooMuch)).rejects.toMatchObject({ code: 'web.too_large' });
  });
});

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { countSample, generateSample } from './generate-sample.ts';
import { sampleFileContent } from './sample-files.ts';

const files = [...generateSample()].filter(({ type }) => type === 'file');
const contentsOf = (mediaType: string): Buffer[] =>
  files.filter(({ media_type }) => media_type === mediaType).map(sampleFileContent);

test('size and digest of every file record are those of its bytes, which its record alone gives again', () => {
  for (const file of files) {
    const content = sampleFileContent(JSON.parse(JSON.stringify(file)));
    expect(content.length).toBe(file.size);
    expect(createHash('sha256').update(content).digest('hex')).toBe(file.sha256);
  }
  expect(new Set(files.map(({ sha256 }) => sha256)).size).toBe(files.length);
});

test('files are PNG, PDF and WAV, belong to something, and are never more than 500', () => {
  expect(new Set(files.map(({ media_type }) => media_type))).toEqual(
    new Set(['image/png', 'application/pdf', 'audio/wav']),
  );
  for (const { conversation_id, message_id, contact_id, account_id } of files) {
    expect(conversation_id ?? message_id ?? contact_id ?? account_id).toBeDefined();
  }
  expect(
    files.filter(({ conversation_id, account_id }) => conversation_id === undefined && account_id).length,
  ).toBeGreaterThan(0);
  expect(
    files.filter(({ conversation_id, contact_id }) => conversation_id === undefined && contact_id).length,
  ).toBeGreaterThan(0);
  expect(countSample({ conversations: 100_000, messagesPerConversation: 1 }).file).toBe(500);
});

test('a PNG has right checksums and as many bytes of picture as its header says', () => {
  for (const png of contentsOf('image/png')) {
    expect(png.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
    const chunks = new Map<string, Buffer>();
    for (let at = 8; at < png.length; ) {
      const length = png.readUInt32BE(at);
      expect(png.readUInt32BE(at + 8 + length)).toBe(crc32(png.subarray(at + 4, at + 8 + length)));
      chunks.set(png.toString('latin1', at + 4, at + 8), png.subarray(at + 8, at + 8 + length));
      at += 12 + length;
    }
    expect([...chunks.keys()]).toEqual(['IHDR', 'PLTE', 'IDAT', 'IEND']);
    const header = chunks.get('IHDR')!;
    const pixels = inflateSync(chunks.get('IDAT')!);
    expect(pixels.length).toBe((header.readUInt32BE(0) + 1) * header.readUInt32BE(4));
    expect(Math.max(...pixels)).toBeLessThan(chunks.get('PLTE')!.length / 3);
  }
});

test('a PDF has its objects where its table says, and streams as long as they say', () => {
  for (const pdf of contentsOf('application/pdf')) {
    const text = pdf.toString('latin1');
    expect(text.startsWith('%PDF-1.4\n')).toBe(true);
    expect(text.endsWith('%%EOF\n')).toBe(true);
    const start = Number(/startxref\n(\d+)\n/.exec(text)![1]);
    expect(text.slice(start, start + 5)).toBe('xref\n');
    const entries = [...text.slice(start).matchAll(/^(\d{10}) 00000 n $/gm)];
    expect(text.slice(start)).toContain(`xref\n0 ${entries.length + 1}\n`);
    for (const [i, entry] of entries.entries())
      expect(text.slice(Number(entry[1]))).toMatch(new RegExp(`^${i + 1} 0 obj\n`));
    const streams = [...text.matchAll(/\/Length (\d+) >>\nstream\n([\s\S]*?)\nendstream/g)];
    expect([1, 2]).toContain(streams.length);
    for (const [, length, stream] of streams) expect(stream!.length).toBe(Number(length));
  }
});

test('pdftotext, where it is installed, reads the text of a PDF', (context) => {
  const dir = mkdtempSync(join(tmpdir(), 'convey-pdf-'));
  try {
    writeFileSync(join(dir, 'a.pdf'), contentsOf('application/pdf')[0]!);
    const text = execFileSync('pdftotext', [join(dir, 'a.pdf'), '-'], { encoding: 'utf8' });
    expect(text).toContain('Ottervale document - page 1');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    context.skip('pdftotext is not installed');
  } finally {
    rmSync(dir, { recursive: true });
  }
});

test('a WAV is one to three seconds of 8 kHz mono PCM that is not silent', () => {
  const recordings = contentsOf('audio/wav');
  expect(recordings.length).toBeGreaterThan(5);
  for (const wav of recordings) {
    expect(wav.toString('latin1', 0, 4)).toBe('RIFF');
    expect(wav.readUInt32LE(4)).toBe(wav.length - 8);
    expect(wav.toString('latin1', 8, 16)).toBe('WAVEfmt ');
    expect([
      wav.readUInt16LE(20),
      wav.readUInt16LE(22),
      wav.readUInt32LE(24),
      wav.readUInt32LE(28),
      wav.readUInt16LE(34),
    ]).toEqual([1, 1, 8000, 16_000, 16]);
    expect(wav.readUInt32LE(40)).toBe(wav.length - 44);
    const seconds = (wav.length - 44) / 16_000;
    expect(seconds >= 1 && seconds <= 3).toBe(true);
    const samples = new Int16Array(wav.buffer.slice(wav.byteOffset + 44, wav.byteOffset + wav.length));
    expect(Math.max(...samples)).toBeGreaterThan(3000);
    expect(Math.min(...samples)).toBeLessThan(-3000);
  }
});

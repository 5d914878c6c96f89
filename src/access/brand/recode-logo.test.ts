import { deflateSync } from 'node:zlib';
import jpeg from 'jpeg-js';
import { PNG } from 'pngjs';
import { describe, expect, test } from 'vitest';
import { checkLogo } from './check-logo.ts';
import { readImageHeader } from './read-image-header.ts';
import { recodeLogo } from './recode-logo.ts';

/** An image of one colour. */
function pixels(width: number, height: number, [red, green, blue, alpha] = [200, 30, 40, 255]) {
  const data = Buffer.alloc(width * height * 4);
  for (let at = 0; at < data.length; at += 4) data.set([red!, green!, blue!, alpha!], at);
  return { width, height, data };
}

/** A PNG with these numbers in its header, whatever lies behind it. */
function withHeader(png: Buffer, width: number, height: number): Buffer {
  const changed = Buffer.from(png);
  changed.writeUInt32BE(width, 16);
  changed.writeUInt32BE(height, 20);
  return changed;
}

/** A chunk before the end of a PNG. */
function withChunk(png: Buffer, type: string, data: Buffer): Buffer {
  const chunk = Buffer.alloc(12 + data.length);
  chunk.writeUInt32BE(data.length);
  chunk.write(type, 4, 'latin1');
  data.copy(chunk, 8);
  return Buffer.concat([png.subarray(0, 33), chunk, png.subarray(33)]);
}

describe('a logo', () => {
  test('is written anew: what else was in the file is gone', async () => {
    const secret = 'GPS 52.5200 13.4050';
    const jpegFile = Buffer.from(jpeg.encode(pixels(20, 10), 90).data);
    const comment = Buffer.concat([Buffer.from([0xff, 0xfe, 0, secret.length + 2]), Buffer.from(secret)]);
    const tail = Buffer.from('<script>alert(1)</script>');
    const before = Buffer.concat([jpegFile.subarray(0, 2), comment, jpegFile.subarray(2), tail]);
    const { mediaType, bytes } = await checkLogo(before);
    expect(mediaType).toBe('image/jpeg');
    expect(before.includes(secret)).toBe(true);
    expect(bytes.includes(secret) || bytes.includes('script')).toBe(false);
    expect(readImageHeader(bytes)).toMatchObject({ width: 20, height: 10 });
  });

  test('keeps its pixels and what can be seen through', async () => {
    const { mediaType, bytes } = await checkLogo(PNG.sync.write(pixels(30, 20, [10, 20, 30, 128])));
    expect(mediaType).toBe('image/png');
    expect([...PNG.sync.read(bytes).data.subarray(0, 4)]).toEqual([10, 20, 30, 128]);
  });

  test('is made no bigger than it is ever shown, in its own shape and colour', () => {
    const { bytes } = recodeLogo(PNG.sync.write(pixels(2000, 1000)));
    const small = PNG.sync.read(bytes);
    expect([small.width, small.height]).toEqual([400, 200]);
    expect([...small.data.subarray(0, 4)]).toEqual([200, 30, 40, 255]);
    expect(readImageHeader(recodeLogo(PNG.sync.write(pixels(1900, 10))).bytes)).toMatchObject({
      width: 800,
      height: 4,
    });
  });
});

describe('refused', () => {
  const png = PNG.sync.write(pixels(8, 8));

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['a drawing with scripts', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['a GIF', Buffer.from('GIF89a\x01\0\x01\0\0\0\0;', 'latin1')],
    ['a page that begins like a PNG', Buffer.concat([png.subarray(0, 8), Buffer.from('<html>')])],
    ['more pixels than may be, before they are decoded', withHeader(png, 20_000, 20_000)],
    ['one row too many', withHeader(png, 8, 2001)],
    ['no pixels', withHeader(png, 0, 8)],
    ['a PNG that ends in the middle', PNG.sync.write(pixels(50, 50)).subarray(0, 60)],
    ['a PNG whose pixels are missing', withHeader(png, 1999, 1999)],
    ['a JPEG of nothing', Buffer.from('ffd8ffd9', 'hex')],
    ['a JPEG that ends in the middle', Buffer.from(jpeg.encode(pixels(64, 64), 50).data).subarray(0, 200)],
  ])('%s', async (_what, bytes) => {
    await expect(checkLogo(bytes)).rejects.toMatchObject({ code: 'access.bad_logo' });
  });

  test('a PNG in several passes, whose pixels could not be bounded', async () => {
    const interlaced = Buffer.from(png);
    interlaced[28] = 1;
    await expect(checkLogo(interlaced)).rejects.toMatchObject({
      detail: expect.stringContaining('interlaced'),
    });
  });

  test('a bomb in a text that nobody reads does nothing', async () => {
    const bomb = Buffer.concat([Buffer.from('k\0\0'), deflateSync(Buffer.alloc(200 * 1024 ** 2))]);
    const { bytes } = await checkLogo(withChunk(png, 'zTXt', bomb)).catch(() => ({ bytes: Buffer.alloc(0) }));
    expect(bytes.length).toBeLessThan(1000);
    expect(process.memoryUsage.rss()).toBeLessThan(1024 ** 3);
  });
});

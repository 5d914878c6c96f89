import { adler32, crc32 } from './checksums.ts';
import type { Random } from '../random.ts';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const MAX_STORED_BYTES = 65_535;

/**
 * Zlib's format with stored blocks (RFC 1950, RFC 1951 §3.2.4). Not `node:zlib`: what that makes of the same
 * bytes differs between its versions, and a sample must not.
 */
function storeZlib(bytes: Buffer): Buffer {
  const parts: Buffer[] = [Buffer.from([0x78, 0x01])];
  for (let at = 0; at < bytes.length || at === 0; at += MAX_STORED_BYTES) {
    const block = bytes.subarray(at, at + MAX_STORED_BYTES);
    const head = Buffer.alloc(5);
    head[0] = at + MAX_STORED_BYTES >= bytes.length ? 1 : 0;
    head.writeUInt16LE(block.length, 1);
    head.writeUInt16LE(~block.length & 0xffff, 3);
    parts.push(head, block);
  }
  const check = Buffer.alloc(4);
  check.writeUInt32BE(adler32(bytes));
  return Buffer.concat([...parts, check]);
}

function chunk(name: string, data: Buffer): Buffer {
  const out = Buffer.alloc(data.length + 12);
  out.writeUInt32BE(data.length, 0);
  out.write(name, 4, 'latin1');
  data.copy(out, 8);
  out.writeUInt32BE(crc32(out.subarray(4, 8 + data.length)), 8 + data.length);
  return out;
}

/** A small picture with a palette: a desk, a wall and the cone of light of a lamp. */
export function makePng(random: Random): Buffer {
  const width = random.between(64, 160);
  const height = random.between(48, 120);
  const palette = Buffer.alloc(32 * 3);
  const [red, green, blue] = [random.between(180, 255), random.between(150, 230), random.between(80, 200)];
  for (let i = 0; i < 32; i++) {
    palette[i * 3] = ((red * (i + 4)) >> 5) & 0xff;
    palette[i * 3 + 1] = ((green * (i + 3)) >> 5) & 0xff;
    palette[i * 3 + 2] = ((blue * (i + 6)) >> 5) & 0xff;
  }
  const lampX = random.between(16, width - 16);
  const lampY = random.between(4, 12);
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++) {
    const row = y * (width + 1); // the byte before each row names its filter: 0, none
    for (let x = 0; x < width; x++) {
      const isLit = y > lampY && Math.abs(x - lampX) * 2 < y - lampY + 6;
      const light = isLit ? 31 - Math.floor(((y - lampY) * 14) / height) : 8 - Math.floor((y * 6) / height);
      rows[row + 1 + x] = Math.max(0, Math.min(31, light + (random.bits() & 1)));
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8); // 8 bits, palette, deflate, no filter method but 0, not interlaced
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', palette),
    chunk('IDAT', storeZlib(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

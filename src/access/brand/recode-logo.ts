import jpeg from 'jpeg-js';
import { PNG } from 'pngjs';
import { type ImageHeader, readImageHeader } from './read-image-header.ts';

/** On paper a logo is 32 points high: this many pixels are as sharp as a printer can make them. */
const FIT = { width: 800, height: 200 };
const MOST_PIXELS = 2000;
const JPEG_QUALITY = 90;
const JPEG_MEMORY_MB = 160;

interface Pixels {
  width: number;
  height: number;
  /** RGBA, 8 bits each. */
  data: Buffer;
}

/** A logo as we keep it. */
export interface RecodedLogo {
  mediaType: 'image/png' | 'image/jpeg';
  bytes: Buffer;
}

/**
 * What is wrong with an image that its header tells, as a sentence; undefined: nothing. Asked before anything is
 * decoded, so that a bomb never goes off.
 */
export function findFault(header: ImageHeader | undefined): string | undefined {
  if (header === undefined) return 'This is neither.';
  const { width, height, isInterlaced } = header;
  if (width === 0 || height === 0) return 'This one has no pixels.';
  if (width > MOST_PIXELS || height > MOST_PIXELS) return `This one has ${width} by ${height}.`;
  return isInterlaced ? 'This one is interlaced: save it without.' : undefined;
}

/**
 * Decodes an image and writes a new one of its pixels, no bigger than it is ever shown: nothing else that was in the
 * file is kept. Takes up to a second of computing: not for the server's own thread.
 * @throws when the image is broken; and for what `findFault` refuses
 */
export function recodeLogo(bytes: Buffer): RecodedLogo {
  const header = readImageHeader(bytes);
  const fault = findFault(header);
  if (header === undefined || fault !== undefined) throw new Error(fault);
  if (header.mediaType === 'image/png') {
    return { mediaType: 'image/png', bytes: PNG.sync.write(shrink(PNG.sync.read(bytes))) };
  }
  const decoded = jpeg.decode(bytes, {
    maxResolutionInMP: MOST_PIXELS ** 2 / 1e6,
    maxMemoryUsageInMB: JPEG_MEMORY_MB,
  });
  return { mediaType: 'image/jpeg', bytes: Buffer.from(jpeg.encode(shrink(decoded), JPEG_QUALITY).data) };
}

/** Makes an image fit: each new pixel is the mean of those it stands for, weighed by their opacity. */
function shrink({ width, height, data }: Pixels): Pixels {
  const scale = Math.min(1, FIT.width / width, FIT.height / height);
  if (scale === 1) return { width, height, data };
  const small = {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
  const shrunk = Buffer.alloc(small.width * small.height * 4);
  for (let y = 0; y < small.height; y++) {
    const [top, bottom] = spanOf(y, small.height, height);
    for (let x = 0; x < small.width; x++) {
      const [left, right] = spanOf(x, small.width, width);
      const sums = [0, 0, 0, 0];
      for (let row = top; row < bottom; row++) {
        for (let at = (row * width + left) * 4; at < (row * width + right) * 4; at += 4) {
          const alpha = data[at + 3]!;
          sums[0]! += data[at]! * alpha;
          sums[1]! += data[at + 1]! * alpha;
          sums[2]! += data[at + 2]! * alpha;
          sums[3]! += alpha;
        }
      }
      const to = (y * small.width + x) * 4;
      const alphas = sums[3]!;
      for (let part = 0; part < 3; part++)
        shrunk[to + part] = alphas === 0 ? 0 : Math.round(sums[part]! / alphas);
      shrunk[to + 3] = Math.round(alphas / ((bottom - top) * (right - left)));
    }
  }
  return { ...small, data: shrunk };
}

/** The old rows (or columns) that a new one stands for: from, and up to but not with. */
function spanOf(index: number, small: number, large: number): [number, number] {
  const from = Math.floor((index * large) / small);
  return [from, Math.max(from + 1, Math.floor(((index + 1) * large) / small))];
}

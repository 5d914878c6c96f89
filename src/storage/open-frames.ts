import { Readable } from 'node:stream';
import { ConveyError } from '../errors.ts';
import type { ByteReader } from './byte-reader.ts';
import { FRAME_BYTES, type FrameCipher, lastFrameOf, SEALED_FRAME_BYTES } from './object-frames.ts';
import { corrupt } from './storage.errors.ts';

/** Frames to open, and what of them is wanted. */
export interface FrameRange {
  /** Stands before the frame in which the range begins. */
  reader: ByteReader;
  cipher: FrameCipher;
  /** Of the whole object, without the encryption. */
  sizeBytes: number;
  /** First and last byte, both included; undefined: the whole of an empty object. */
  range: { start: number; end: number } | undefined;
}

/**
 * Opens frames one by one. Nothing leaves that is not proven: a frame that does not open ends it with
 * `storage.corrupt`, and so do bytes behind the last frame, before that frame's are given.
 */
export async function* openFrames(frames: FrameRange): AsyncGenerator<Buffer, void, undefined> {
  const { reader, cipher, sizeBytes, range } = frames;
  const { start, end } = range ?? { start: 0, end: 0 };
  const lastFrame = lastFrameOf(sizeBytes);
  const endFrame = Math.floor(end / FRAME_BYTES);
  for (let frame = Math.floor(start / FRAME_BYTES); frame <= endFrame; frame++) {
    const isLast = frame === lastFrame;
    const sealedBytes = isLast
      ? SEALED_FRAME_BYTES - FRAME_BYTES + sizeBytes - lastFrame * FRAME_BYTES
      : SEALED_FRAME_BYTES;
    const sealed = await reader.read(sealedBytes);
    if (sealed.length < sealedBytes) throw new ConveyError(corrupt, 'It was cut short.');
    const plain = cipher.open(frame, isLast, sealed);
    if (plain === undefined) throw new ConveyError(corrupt, 'Its bytes were changed.');
    if (isLast && !(await reader.isAtEnd())) throw new ConveyError(corrupt, 'Something was appended to it.');
    if (range === undefined) return;
    const frameAt = frame * FRAME_BYTES;
    yield plain.subarray(Math.max(0, start - frameAt), end + 1 - frameAt);
  }
}

/**
 * A stream over pieces, none of them empty. Unlike `Readable.from` it lets go of its source at once when it is
 * destroyed, even while that is silent.
 */
export function streamOf(pieces: AsyncIterator<Buffer>, close: () => void): Readable {
  const pull = async (stream: Readable) => {
    try {
      const { done, value } = await pieces.next();
      stream.push(done === true ? null : value);
    } catch (error) {
      stream.destroy(error as Error);
    }
  };
  return new Readable({
    highWaterMark: 2 * FRAME_BYTES,
    read() {
      void pull(this);
    },
    destroy(error, callback) {
      close();
      callback(error);
    },
  });
}

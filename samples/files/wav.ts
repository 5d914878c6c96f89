import type { Random } from '../random.ts';

const RATE_HZ = 8000;
const HEADER_BYTES = 44;
const LOUDEST = 9000;

/** A recording of one to three seconds, 16-bit PCM, mono: tones as of a phone menu, in whole numbers only. */
export function makeWav(random: Random): Buffer {
  const samples = RATE_HZ + random.below(2 * RATE_HZ);
  const out = Buffer.alloc(HEADER_BYTES + samples * 2);
  out.write('RIFF', 0, 'latin1');
  out.writeUInt32LE(out.length - 8, 4);
  out.write('WAVEfmt ', 8, 'latin1');
  out.writeUInt32LE(16, 16); // length of the format block
  out.writeUInt16LE(1, 20); // PCM
  out.writeUInt16LE(1, 22); // one channel
  out.writeUInt32LE(RATE_HZ, 24);
  out.writeUInt32LE(RATE_HZ * 2, 28); // bytes a second
  out.writeUInt16LE(2, 32); // bytes a sample
  out.writeUInt16LE(16, 34); // bits a sample
  out.write('data', 36, 'latin1');
  out.writeUInt32LE(samples * 2, 40);

  const toneSamples = RATE_HZ / 4;
  let period = 0;
  for (let i = 0; i < samples; i++) {
    if (i % toneSamples === 0) period = random.between(10, 40);
    // A triangle, fading at the end of each tone: no sine, whose last digit differs between machines.
    const phase = i % period;
    const rise = Math.abs(2 * phase - period) - period / 2;
    const loudness = LOUDEST * (toneSamples - (i % toneSamples));
    out.writeInt16LE(Math.trunc((rise * 2 * loudness) / (period * toneSamples)), HEADER_BYTES + i * 2);
  }
  return out;
}

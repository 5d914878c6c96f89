import type { ByteSink, ByteWriter } from './byte-writer.ts';

/** A sink whose bytes go on into a writer, at the writer's pace: for what is packed again on its way. */
export function sinkInto(out: ByteWriter): ByteSink {
  return {
    async write(chunk) {
      out.raw(chunk);
      if (out.mustWait) await out.ready();
    },
  };
}

import { createPdfEngine, type PdfEngine } from '../../formats/pdf/pdf-engine.ts';

/** A child that nobody has used for so long is ended. */
const IDLE_MS = 30_000;

let engine: PdfEngine | undefined;
let users = 0;
let idle: NodeJS.Timeout | undefined;

/**
 * This thread's PDF engine, for one export: its child starts when the first PDF is asked for, serves every export of
 * the thread, and is ended some time after the last one gave it back.
 */
export function takePdfEngine(): { pdf: () => PdfEngine; giveBack: () => void } {
  users++;
  clearTimeout(idle);
  return {
    pdf: () => (engine ??= createPdfEngine()),
    giveBack: () => {
      users--;
      if (users > 0 || engine === undefined) return;
      idle = setTimeout(() => {
        const ending = engine;
        engine = undefined;
        void ending?.close();
      }, IDLE_MS);
      idle.unref();
    },
  };
}

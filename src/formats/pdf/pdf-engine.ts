import type { Transcript, TranscriptStyle, UnknownGlyphs } from '../documents/transcript.ts';
import { type DocumentLimits, PdfChild } from './pdf-child-process.ts';

/** Makes PDFs of transcripts, one after the other, in a child process of its own. */
export interface PdfEngine {
  /**
   * One document. Equal input gives equal bytes. Documents asked for meanwhile wait for their turn.
   * @param style the same object for as long as nothing changes: it is sent over once
   * @returns The file, and the characters that no font has, by code point (`U+1F9FF`), with how often they came.
   * @throws {ConveyError} formats.pdf_failed, formats.pdf_timed_out, formats.pdf_too_large: this document only;
   *   formats.fonts_missing; the signal's reason
   */
  render(
    transcript: Transcript,
    style: TranscriptStyle,
    signal: AbortSignal,
  ): Promise<{ pdf: Buffer; unknown: UnknownGlyphs }>;
  /** Ends the child. */
  close(): Promise<void>;
}

export interface PdfLimits extends DocumentLimits {
  /** A child makes so many documents, and then another one goes on. */
  documents: number;
  /** Or as many as leave it this big: the engine gives back little of what a big one took. */
  restBytes: number;
}

const LIMITS: PdfLimits = {
  documentMs: 120_000,
  memoryBytes: 768 * 1024 ** 2,
  documents: 2000,
  restBytes: 160 * 1024 ** 2,
};

/** An engine whose child starts with the first document. */
export function createPdfEngine(limits: Partial<PdfLimits> = {}): PdfEngine {
  const { documents, restBytes, ...ofDocument } = { ...LIMITS, ...limits };
  let child: PdfChild | undefined;
  let made = 0;
  let turn: Promise<unknown> = Promise.resolve();

  const render: PdfEngine['render'] = async (transcript, style, signal) => {
    signal.throwIfAborted();
    if (child === undefined || child.hasEnded) {
      child = new PdfChild();
      made = 0;
    }
    const { pdf, unknown, memoryBytes } = await child.render(transcript, style, signal, ofDocument);
    if (++made >= documents || memoryBytes > restBytes) child.end();
    return { pdf: Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength), unknown };
  };

  return {
    render(transcript, style, signal) {
      const rendered = turn.then(() => render(transcript, style, signal));
      turn = rendered.catch(() => {});
      return rendered;
    },
    async close() {
      await child?.close();
      child = undefined;
    },
  };
}

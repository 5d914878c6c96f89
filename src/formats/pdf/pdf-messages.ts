import type { Transcript, TranscriptStyle, UnknownGlyphs } from '../documents/transcript.ts';

/** To the child that makes PDFs. */
export type ToPdfChild =
  /** How documents look from now on; sent when it changes, as it holds the logo. */
  { type: 'style'; style: TranscriptStyle } | { type: 'render'; transcript: Transcript };

/** From it: one answer for each document. */
export type FromPdfChild =
  | { type: 'done'; pdf: Uint8Array; unknown: UnknownGlyphs; memoryBytes: number }
  | { type: 'failed'; code: string | undefined; message: string };

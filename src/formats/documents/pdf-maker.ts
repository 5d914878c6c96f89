import { ConveyError } from '../../errors.ts';
import type { PdfEngine } from '../pdf/pdf-engine.ts';
import { pdfFailed, pdfTimedOut, pdfTooLarge } from '../pdf/pdf.errors.ts';
import type { FormatWarning } from '../record-format.ts';
import type { Transcript, TranscriptStyle } from './transcript.ts';

const UNKNOWN_GLYPH = 'No font has these characters, so their code points are shown.';

/** Makes the PDFs of one export, one after the other, and keeps what there is to say of them. */
export class PdfMaker {
  readonly #engine: () => PdfEngine;
  readonly #style: TranscriptStyle;
  readonly #signal: AbortSignal;
  /** A PDF that is made while the next conversation is gathered. */
  #inFlight: Promise<void> = Promise.resolve();
  readonly #unknown = new Map<string, number>();
  /** Documents of which there is no PDF. */
  #replaced = 0;

  constructor({ style, signal, pdf }: { style: TranscriptStyle; signal: AbortSignal; pdf: () => PdfEngine }) {
    this.#engine = pdf;
    this.#style = style;
    this.#signal = signal;
  }

  async make(transcript: Transcript): Promise<Buffer> {
    const { pdf, unknown } = await this.#engine().render(transcript, this.#style, this.#signal);
    for (const [character, count] of Object.entries(unknown)) {
      this.#unknown.set(character, (this.#unknown.get(character) ?? 0) + count);
    }
    return pdf;
  }

  /** The same; undefined for a conversation that cannot be laid out: it must not take the others with it. */
  async tryToMake(transcript: Transcript): Promise<Buffer | undefined> {
    try {
      return await this.make(transcript);
    } catch (error) {
      const kinds = [pdfFailed, pdfTimedOut, pdfTooLarge];
      if (!(error instanceof ConveyError) || !kinds.includes(error.kind)) throw error;
      this.#replaced++;
      return undefined;
    }
  }

  /** Starts work that goes on behind what was started before; its failure is told by whoever waits next. */
  start(work: () => void | Promise<void>): void {
    this.#inFlight = this.#inFlight.then(work);
    this.#inFlight.catch(() => {});
  }

  /** Resolves when all that was started is done. */
  settled(): Promise<void> {
    return this.#inFlight;
  }

  get warnings(): FormatWarning[] {
    const told: FormatWarning[] = [];
    if (this.#replaced > 0) {
      const detail = 'Conversations could not be made into a PDF and are there as HTML.';
      told.push({ code: 'formats.pdf_as_html', count: this.#replaced, detail });
    }
    for (const [about, count] of this.#unknown)
      told.push({ code: 'formats.unknown_glyph', count, detail: UNKNOWN_GLYPH, about });
    return told;
  }
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';
import type { Transcript, TranscriptStyle, UnknownGlyphs } from '../documents/transcript.ts';
import { findFonts, type FoundFont } from './fonts/find-fonts.ts';
import { FontCoverage } from './fonts/font-coverage.ts';
import { logoPathOf, prepareTranscript } from './prepare-transcript.ts';

/** The compiler's root: below a file there can be none, so that a document reads nothing from the disk. */
const ROOT = join(process.execPath, 'nothing');
const MAIN = join(ROOT, 'transcript.typ');
const TEMPLATE = new URL('./transcript.typ', import.meta.url);

interface Making {
  pdfStandard?: 'ua-1';
  /** See `TextSetting`. */
  spellsOut?: boolean;
}

/** Makes PDFs in this process; blocks it meanwhile. For the child of `pdf-engine.ts`, where a crash does no harm. */
export class TranscriptCompiler {
  readonly #fonts: FoundFont[] = findFonts();
  readonly #coverage = new FontCoverage(this.#fonts);
  readonly #compiler: NodeCompiler;
  #logo: TranscriptStyle['logo'];

  /** @throws formats.fonts_missing */
  constructor() {
    const fontPaths = this.#fonts.flatMap(({ paths }) => paths);
    this.#compiler = NodeCompiler.create({ workspace: ROOT, fontArgs: [{ fontPaths }] });
    this.#compiler.addSource(MAIN, readFileSync(TEMPLATE, 'utf8'));
  }

  /**
   * One document, as PDF/UA-1: tagged, and without a single empty box, which that standard forbids and the compiler
   * therefore refuses. Should a combination of characters have no glyph although its parts have, all combinations are
   * spelled out; and what breaks another rule of the standard is tagged all the same.
   * @throws an error of the compiler, which is a mistake of ours
   */
  compile(transcript: Transcript, style: TranscriptStyle): { pdf: Buffer; unknown: UnknownGlyphs } {
    this.#showLogo(style.logo);
    try {
      return this.#make(transcript, style, { pdfStandard: 'ua-1' });
    } catch {
      return this.#remake(transcript, style);
    } finally {
      this.#compiler.evictCache(0); // no two documents share anything
    }
  }

  #remake(transcript: Transcript, style: TranscriptStyle) {
    try {
      return this.#make(transcript, style, { pdfStandard: 'ua-1', spellsOut: true });
    } catch {
      return this.#make(transcript, style, { spellsOut: true });
    }
  }

  /** Compiles and writes in one call: a document that Node knew would stay in memory until Node cleans up. */
  #make(transcript: Transcript, style: TranscriptStyle, { spellsOut = false, ...standard }: Making) {
    const { data, unknown } = prepareTranscript(transcript, style, {
      fonts: this.#fonts,
      coverage: this.#coverage,
      spellsOut,
    });
    const pdf = this.#compiler.pdf(
      { mainFilePath: MAIN, inputs: { data: JSON.stringify(data) } },
      { ...standard, creationTimestamp: Math.floor(Date.parse(style.snapshotAt) / 1000) },
    );
    return { pdf, unknown };
  }

  #showLogo(logo: TranscriptStyle['logo']): void {
    if (logo === undefined || logo.base64 === this.#logo?.base64) return;
    this.#compiler.mapShadow(join(ROOT, logoPathOf(logo.mediaType)), Buffer.from(logo.base64, 'base64'));
    this.#logo = logo;
  }
}

import { sumCounts } from '../../sum-counts.ts';
import { ConveyError } from '../../errors.ts';
import type { ByteWriter } from '../byte-writer.ts';
import { nothingToShow, tooLongForOnePdf } from '../formats.errors.ts';
import type { PdfEngine } from '../pdf/pdf-engine.ts';
import type { FormatWarning, OutputPace, RecordFormat, RecordShape } from '../record-format.ts';
import type { RowView } from '../row-view.ts';
import { describeFile } from './describe-entry.ts';
import { DocumentArchive, type DocumentLine } from './document-archive.ts';
import { DocumentIndex } from './document-index.ts';
import {
  type CountedNames,
  type GatheredVolume,
  TranscriptGatherer,
  type VolumeLimits,
} from './gather-transcript.ts';
import { PageFrame } from './html/page.ts';
import { closeTranscript, openTranscript, writeEntries, writeTranscript } from './html/write-transcript.ts';
import { PdfMaker } from './pdf-maker.ts';
import { RowReader } from './row-reader.ts';
import type { Transcript, TranscriptEntry, TranscriptStyle } from './transcript.ts';

export interface DocumentsFormatOptions {
  as: 'html' | 'pdf';
  /** `single`: the one conversation's document is the file. `archive`: a zip of documents. */
  layout: 'single' | 'archive';
}

/** What documents are made with. */
export interface DocumentsContext {
  style: TranscriptStyle;
  /** The sections' names in counts, in the order in which they will come. */
  names: readonly CountedNames[];
  /** Time of every entry of an archive. */
  mtime: Date;
  signal: AbortSignal;
  /** Gives the engine that makes PDFs; asked only when there is one to make. */
  pdf: () => PdfEngine;
  /** The engine is needed no more. */
  onClose?: () => void;
}

/** What one PDF that is the whole file may hold: more would take more memory than its engine may have. */
const ONE_PDF: VolumeLimits = { entries: 5_000, characters: 1_500_000 };

/** How much of a conversation one document holds. What lays out a PDF needs memory for all of it at once. */
const VOLUMES: Readonly<Record<DocumentsFormatOptions['as'], VolumeLimits>> = {
  html: { entries: 2_000, characters: 4_000_000 },
  pdf: { entries: 500, characters: 500_000 },
};
/** How tables and folders of an archive call the records of a section. */
const KINDS: Readonly<Record<string, { noun: string; folder: string; id: 'conversation_id' | 'ticket_id' }>> =
  {
    conversation: { noun: 'Conversations', folder: 'conversations', id: 'conversation_id' },
    ticket: { noun: 'Tickets', folder: 'tickets', id: 'ticket_id' },
  };

/**
 * Documents for people, HTML or PDF, one for each conversation and ticket (contract §4). One record is in memory at a
 * time, and of a long one no more than a volume.
 */
export class DocumentsFormat implements RecordFormat, OutputPace {
  /** Where further entries may be put, before `endDocument`; undefined for a single document. */
  readonly archive: DocumentArchive | undefined;
  readonly index: DocumentIndex;

  readonly #out: ByteWriter;
  readonly #options: DocumentsFormatOptions;
  readonly #context: DocumentsContext;
  readonly #page: PageFrame;
  readonly #pdfs: PdfMaker;
  #sections = 0;
  #shape: RecordShape | undefined;
  #gatherer: TranscriptGatherer | undefined;
  /** The file list and the person of a contact's archive: what the first page counts. */
  readonly #pageCounts: Record<string, number> = {};
  #records = 0;
  #documents = 0;
  /** Of the open record. */
  #names: string[] = [];
  #messages = 0;
  /** Of a single PDF: everything, until its end. */
  #entries: TranscriptEntry[] = [];
  #characters = 0;
  /** Rows of a single document, until its end. */
  #openRows = 0;
  readonly #done = { documents: 0, records: 0 };

  constructor(out: ByteWriter, options: DocumentsFormatOptions, context: DocumentsContext) {
    this.#out = out;
    this.#options = options;
    this.#context = context;
    this.#page = new PageFrame(context.style);
    this.#pdfs = new PdfMaker(context);
    this.index = new DocumentIndex(this.#page);
    this.archive = options.layout === 'archive' ? new DocumentArchive(out, context) : undefined;
  }

  beginDocument(): void {}

  beginSection(shape: RecordShape): void {
    this.#shape = shape;
    const names = this.#context.names[this.#sections++];
    if (names === undefined) throw new Error(`${shape.section} has no names in the counts.`);
    const kind = KINDS[shape.type];
    this.#gatherer =
      kind === undefined ? undefined : new TranscriptGatherer(shape, names, VOLUMES[this.#options.as]);
    if (kind === undefined) this.#pageCounts[names.record] = 0;
    else this.index.beginTable(kind.noun);
    this.#documents = 0;
  }

  beginRecord(row: RowView): void {
    this.#records++;
    if (this.#gatherer === undefined) return this.#readPageRecord(row);
    if (this.archive === undefined && this.#records > 1) throw new Error('A single record came twice.');
    this.#gatherer.begin(row);
    this.#documents++;
    this.#names = [];
    this.#messages = 0;
  }

  beginList(): void {}

  item(index: number, row: RowView): void {
    this.#gatherer?.add(index, row);
  }

  endList(): void {}

  /** Rows come in order of time here, whatever list they are of: nothing is set aside. */
  setAside(index: number, row: RowView): void {
    this.item(index, row);
  }

  writeAside(): void {}

  get mustWait(): boolean {
    return this.#gatherer?.isFull === true;
  }

  async ready(): Promise<void> {
    if (this.mustWait) await this.#writeVolume(this.#gatherer!.take(false));
  }

  /** A long conversation waits for its volume to be written. */
  get pace(): OutputPace {
    return this;
  }

  async endRecord(): Promise<void> {
    const gatherer = this.#gatherer;
    if (gatherer === undefined) return;
    const { summary } = gatherer.description;
    const rest = gatherer.take(true);
    const isEmpty = rest.entries.length === 0 && Object.keys(rest.counts).length === 0;
    if (!isEmpty || this.#names.length === 0) await this.#writeVolume(rest);
    if (this.archive !== undefined) {
      const listed = { ...summary, names: this.#names, messages: this.#messages };
      if (this.#options.as === 'html') this.index.add(listed);
      else this.#pdfs.start(() => this.index.add(listed));
      return;
    }
    if (this.#options.as === 'html') this.#write(closeTranscript(this.#page));
    else this.#out.raw(await this.#pdfs.make(this.#transcript(this.#entries, 1)));
    this.#noteDone(this.#openRows);
  }

  endSection(): void {
    this.#gatherer = undefined;
  }

  /** Resolves when every document so far is in the archive. */
  settled(): Promise<void> {
    return this.#pdfs.settled();
  }

  async endDocument(): Promise<void> {
    await this.settled();
    if (this.archive === undefined) {
      if (this.#records === 0) throw new ConveyError(nothingToShow);
      return;
    }
    const line: DocumentLine = { type: 'page', counts: this.#pageCounts };
    const { workspaceName } = this.#context.style;
    await this.archive.stream('index.html', line, (out) => this.index.write(out, workspaceName));
    await this.archive.close();
  }

  close(): void {
    this.#context.onClose?.();
    this.archive?.abandon();
    this.index.close();
  }

  get warnings(): readonly FormatWarning[] {
    return this.#pdfs.warnings;
  }

  get done(): { documents: number; records: number } {
    return { ...this.#done };
  }

  /** What the first page tells: a person, or a file of theirs. */
  #readPageRecord(row: RowView): void {
    const { type, columns } = this.#shape!;
    const reader = new RowReader(columns);
    const { record } = this.#context.names[this.#sections - 1]!;
    this.#pageCounts[record] = (this.#pageCounts[record] ?? 0) + 1;
    this.#done.records++;
    if (type === 'contact') this.index.person = reader.all(row);
    else if (type === 'file') {
      const { file } = describeFile(reader, row);
      const { name, mediaType, bytes: sizeBytes } = file;
      this.index.files.push({ id: reader.text(row, 'id') ?? '', name, mediaType, sizeBytes });
    } else throw new Error(`Documents have no place for a ${type}.`);
  }

  async #writeVolume({ entries, counts }: GatheredVolume): Promise<void> {
    if (this.archive !== undefined) return this.#addDocument(entries, counts);
    this.#openRows += sumCounts(counts);
    if (this.#options.as === 'html') {
      if (this.#names.length === 0) {
        this.#names.push('');
        this.#write(openTranscript(this.#page, this.#transcript([], 1)));
      }
      this.#write(writeEntries(entries));
      return;
    }
    for (const entry of entries) {
      this.#characters += entry.kind === 'message' ? entry.body.length : entry.text.length;
      this.#entries.push(entry);
    }
    if (this.#characters > ONE_PDF.characters || this.#entries.length > ONE_PDF.entries) {
      throw new ConveyError(tooLongForOnePdf);
    }
  }

  async #addDocument(entries: TranscriptEntry[], counts: Record<string, number>): Promise<void> {
    const { folder, id } = KINDS[this.#shape!.type]!;
    const { as } = this.#options;
    const volume = this.#names.length + 1;
    const { summary } = this.#gatherer!.description;
    const base = documentName(this.#documents, summary.startedAt, summary.channel);
    const name = `${folder}/${base}${volume > 1 ? `-${volume}` : ''}.${as}`;
    const previous = this.#names.at(-1)?.slice(folder.length + 1);
    this.#names.push(name);
    this.#messages += entries.filter(({ kind }) => kind === 'message').length;
    const line: DocumentLine = { type: 'document', [id]: summary.id, volume, counts };
    const transcript = this.#transcript(entries, volume);
    const links = { index: '../index.html', ...(previous === undefined ? {} : { previous }) };
    const html = () => Buffer.from(writeTranscript(this.#page, transcript, links));
    if (as === 'html') {
      await this.archive!.add(name, line, html());
      return this.#noteDone(sumCounts(counts));
    }
    await this.#pdfs.settled();
    const names = this.#names;
    this.#pdfs.start(async () => {
      const pdf = await this.#pdfs.tryToMake(transcript);
      if (pdf === undefined) names[volume - 1] = name.replace(/pdf$/, 'html');
      await this.archive!.add(names[volume - 1]!, line, pdf ?? html());
      this.#noteDone(sumCounts(counts));
    });
  }

  #noteDone(rows: number): void {
    this.#done.documents++;
    this.#done.records += rows;
  }

  #transcript(entries: TranscriptEntry[], volume: number): Transcript {
    const { id, title, facts } = this.#gatherer!.description;
    return { id, title, facts, entries, volume };
  }

  #write(html: string): void {
    this.#out.raw(Buffer.from(html));
  }
}

/**
 * A document's name: its place in the archive, its day and channel. Never a subject, a host's id or a name, which can
 * tell who somebody is.
 */
function documentName(place: number, startedAt: string | undefined, channel: string | undefined): string {
  const day = /^\d{4}-\d\d-\d\d/.exec(startedAt ?? '')?.[0];
  const word = /^[a-z]{1,20}$/.exec((channel ?? '').toLowerCase())?.[0];
  return [String(place).padStart(6, '0'), day, word].filter(Boolean).join('-');
}

import type { RecordShape } from '../record-format.ts';
import type { RowView } from '../row-view.ts';
import {
  describeEvent,
  describeFile,
  describeMessage,
  type DescribedFile,
  fileEvent,
  readCitations,
} from './describe-entry.ts';
import { describeRecord, type RecordDescription } from './describe-record.ts';
import { RowReader } from './row-reader.ts';
import type { TranscriptEntry, TranscriptEvent, TranscriptMessage } from './transcript.ts';

/** Names under which a section's records and lists are counted, in the shape's order. */
export interface CountedNames {
  record: string;
  lists: readonly string[];
}

/** What one volume of a conversation holds. */
export interface GatheredVolume {
  /** In order of time. */
  entries: TranscriptEntry[];
  /** Rows that are in it, by dataset. */
  counts: Record<string, number>;
}

/** A conversation of more entries, or of more text, becomes several volumes. */
export interface VolumeLimits {
  entries: number;
  characters: number;
}

/**
 * Gathers one conversation, or ticket, at a time from its rows. Events and files come before the messages (see
 * `layOutDocuments`), so that each volume can have its own in order of time without waiting for the last row.
 */
export class TranscriptGatherer {
  readonly #noun: string;
  readonly #record: RowReader;
  readonly #lists: { name: string; reader: RowReader }[];
  readonly #names: CountedNames;
  readonly #limits: VolumeLimits;
  #description: RecordDescription | undefined;
  #messages: TranscriptMessage[] = [];
  #events: { entry: TranscriptEvent; dataset: string }[] = [];
  /** Files that wait for their message. */
  #files = new Map<string, { described: DescribedFile; dataset: string }[]>();
  #waitingFiles = 0;
  #characters = 0;
  #counts: Record<string, number> = {};

  constructor(shape: RecordShape, names: CountedNames, limits: VolumeLimits) {
    this.#limits = limits;
    this.#noun = shape.type === 'ticket' ? 'Ticket' : 'Conversation';
    this.#record = new RowReader(shape.columns);
    this.#lists = shape.lists.map(({ name, columns }) => ({ name, reader: new RowReader(columns) }));
    this.#names = names;
  }

  begin(row: RowView): void {
    this.#description = describeRecord(this.#record, row, this.#noun);
    this.#counts = { [this.#names.record]: 1 };
  }

  get description(): RecordDescription {
    if (this.#description === undefined) throw new Error('No record is open.');
    return this.#description;
  }

  /** A row of one of the record's lists, by its place in the shape. */
  add(index: number, row: RowView): void {
    const { name, reader } = this.#lists[index]!;
    const dataset = this.#names.lists[index]!;
    switch (name) {
      case 'messages':
      case 'replies':
        return this.#addMessage(describeMessage(reader, row, this.description.contactName), dataset);
      case 'citations':
        return this.#addCitations(reader, row, dataset);
      case 'events':
        this.#events.push({ entry: this.#measured(describeEvent(reader, row)), dataset });
        return;
      case 'files':
        return this.#addFile(describeFile(reader, row), dataset);
      default:
        throw new Error(`A document has no place for ${name}.`);
    }
  }

  /** Whether enough came for a volume. */
  get isFull(): boolean {
    const entries = this.#messages.length + this.#events.length + this.#waitingFiles;
    return entries >= this.#limits.entries || this.#characters >= this.#limits.characters;
  }

  /**
   * Takes what came so far: with messages, the events up to the last of them; without, all events.
   * @param isEnd nothing more will come
   */
  take(isEnd: boolean): GatheredVolume {
    const messages = this.#messages.sort(byTime);
    if (isEnd || messages.length === 0) this.#releaseFiles();
    const last = messages.at(-1)?.at;
    const events = this.#events.sort((a, b) => byTime(a.entry, b.entry));
    const isNow = ({ entry }: { entry: TranscriptEvent }) => isEnd || last === undefined || entry.at <= last;
    const now = events.filter(isNow);
    for (const { dataset } of now) this.#count(dataset);
    const volume = {
      entries: mergeByTime(
        now.map(({ entry }) => entry),
        messages,
      ),
      counts: this.#counts,
    };
    this.#events = events.filter((event) => !isNow(event));
    this.#messages = [];
    this.#counts = {};
    this.#characters = this.#events.reduce((sum, { entry }) => sum + lengthOf(entry), 0);
    return volume;
  }

  #addMessage(message: TranscriptMessage, dataset: string): void {
    const waiting = this.#files.get(message.id);
    if (waiting !== undefined) {
      for (const { described, dataset } of waiting) {
        message.files.push(described.file);
        this.#count(dataset);
      }
      this.#files.delete(message.id);
      this.#waitingFiles -= waiting.length;
    }
    this.#messages.push(this.#measured(message));
    this.#count(dataset);
  }

  /** The rows of citations are those of messages once more; they say something new where messages leave theirs out. */
  #addCitations(reader: RowReader, row: RowView, dataset: string): void {
    this.#count(dataset);
    const id = reader.text(row, 'message_id');
    const message = this.#messages.findLast((one) => one.id === id);
    if (message?.citations.length === 0) message.citations = readCitations(reader, row, 'sources');
  }

  #addFile(described: DescribedFile, dataset: string): void {
    const { messageId } = described;
    if (messageId === undefined) {
      this.#events.push({ entry: this.#measured(fileEvent(described)), dataset });
      return;
    }
    const waiting = this.#files.get(messageId) ?? [];
    waiting.push({ described, dataset });
    this.#files.set(messageId, waiting);
    this.#waitingFiles++;
  }

  /** Files whose message did not come (a note that is not shown) are told all the same. */
  #releaseFiles(): void {
    for (const waiting of this.#files.values()) {
      for (const { described, dataset } of waiting)
        this.#events.push({ entry: fileEvent(described), dataset });
    }
    this.#files.clear();
    this.#waitingFiles = 0;
  }

  #measured<Entry extends TranscriptEntry>(entry: Entry): Entry {
    this.#characters += lengthOf(entry);
    return entry;
  }

  #count(dataset: string): void {
    this.#counts[dataset] = (this.#counts[dataset] ?? 0) + 1;
  }
}

function lengthOf(entry: TranscriptEntry): number {
  if (entry.kind === 'event') return entry.text.length + (entry.reason?.length ?? 0) + 50;
  const cited = entry.citations.reduce((sum, { title, quote = '' }) => sum + title.length + quote.length, 0);
  const { arguments: given = '', result = '' } = entry.tool ?? {};
  return entry.body.length + cited + given.length + result.length + 200;
}

function byTime(a: TranscriptEntry, b: TranscriptEntry): number {
  return a.at < b.at ? -1 : a.at > b.at ? 1 : 0;
}

/** Two lists in order of time as one; what happened at the time of a message comes before it. */
function mergeByTime(
  events: readonly TranscriptEvent[],
  messages: readonly TranscriptMessage[],
): TranscriptEntry[] {
  return [...events, ...messages].sort(byTime);
}

import { readableColor } from '../documents/brand-color.ts';
import { roleName } from '../documents/describe-entry.ts';
import { linkOf } from '../documents/html/escape-html.ts';
import { showTime } from '../documents/row-reader.ts';
import type {
  Transcript,
  TranscriptEvent,
  TranscriptMessage,
  TranscriptStyle,
  UnknownGlyphs,
} from '../documents/transcript.ts';
import { chooseHan } from './text/choose-han.ts';
import { TextPreparer, type TextSetting } from './text/prepare-text.ts';

const INVISIBLE = /^[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]*$/u;
/** To tell whose Han characters a conversation has. */
const SAMPLE_CHARACTERS = 20_000;

/** What `transcript.typ` reads: texts with their fonts, and nothing to work out. */
export type TemplateData = ReturnType<typeof arrange>;

/**
 * Makes a transcript into what the template sets, and counts the characters that no font has.
 * @returns `data` is plain JSON
 */
export function prepareTranscript(
  transcript: Transcript,
  style: TranscriptStyle,
  setting: Omit<TextSetting, 'han'>,
): { data: TemplateData; unknown: UnknownGlyphs } {
  const texts = new TextPreparer({ ...setting, han: chooseHan(sampleOf(transcript)) });
  const data = arrange(texts, transcript, style);
  return { data, unknown: texts.unknown };
}

function arrange(texts: TextPreparer, transcript: Transcript, style: TranscriptStyle) {
  const { volume } = transcript;
  // A heading that shows nothing is refused, as are documents without a name.
  const title = INVISIBLE.test(transcript.title) ? transcript.id : transcript.title;
  const plainTitle = title
    .toWellFormed()
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim();
  return {
    families: texts.families,
    color: readableColor(style.color),
    logo: style.logo === undefined ? null : logoPathOf(style.logo.mediaType),
    brand: texts.line(style.brandName),
    workspace: texts.line(style.workspaceName),
    title: texts.line(title),
    /** For the file's metadata, where fonts do not matter. */
    plainTitle: volume > 1 ? `${plainTitle} (part ${volume})` : plainTitle,
    volume,
    facts: transcript.facts.map(({ label, value }) => ({
      label: texts.line(label),
      value: texts.line(value),
    })),
    entries: transcript.entries.map((entry) =>
      entry.kind === 'message' ? arrangeMessage(texts, entry) : arrangeEvent(texts, entry),
    ),
    footer: texts.line(
      `Export ${style.exportId} by ${style.exportedBy}, as of ${showTime(style.snapshotAt)}`,
    ),
  };
}

function arrangeMessage(texts: TextPreparer, message: TranscriptMessage) {
  const { role, tool } = message;
  return {
    kind: 'message',
    role,
    internal: message.isInternal,
    author: texts.line(message.author),
    label: message.isInternal ? `${roleName(role)}, internal note` : roleName(role),
    at: showTime(message.at),
    edited: message.editedAt === undefined ? null : `edited ${showTime(message.editedAt)}`,
    body: message.body === '' ? [] : texts.lines(message.body),
    tool:
      tool === undefined
        ? null
        : {
            name: texts.line(tool.name),
            arguments: tool.arguments === undefined ? null : texts.lines(tool.arguments),
            result: tool.result === undefined ? null : texts.lines(tool.result),
          },
    citations: message.citations.map(({ title, url, quote }) => ({
      title: texts.line(title),
      url: url === undefined ? null : texts.line(url),
      link: url === undefined ? null : (linkOf(url) ?? null),
      quote: quote === undefined ? null : texts.line(quote),
    })),
    files: message.files.map(({ name, mediaType, bytes, path }) => ({
      name: texts.line(name),
      about: texts.line(
        [mediaType, bytes === undefined ? undefined : `${bytes} bytes`, path].filter(Boolean).join(', '),
      ),
    })),
  };
}

function arrangeEvent(texts: TextPreparer, { at, text, actor, reason }: TranscriptEvent) {
  return {
    kind: 'event',
    at: showTime(at),
    text: texts.line(text),
    actor: actor === undefined ? null : texts.line(actor),
    reason: reason === undefined ? null : texts.line(reason),
  };
}

/** Where the template finds the logo. */
export function logoPathOf(mediaType: 'image/png' | 'image/jpeg'): string {
  return mediaType === 'image/png' ? '/logo.png' : '/logo.jpg';
}

function sampleOf({ title, entries }: Transcript): string {
  let sample = title;
  for (const entry of entries) {
    if (sample.length > SAMPLE_CHARACTERS) break;
    if (entry.kind === 'message') sample += entry.body;
  }
  return sample;
}

import { roleName } from '../describe-entry.ts';
import { showTime } from '../row-reader.ts';
import type { Transcript, TranscriptEntry, TranscriptEvent, TranscriptMessage } from '../transcript.ts';
import { escapeBody, escapeHtml, linkOf } from './escape-html.ts';
import type { PageFrame } from './page.ts';

/** Where a page's readers can go on: addresses beside it. */
export interface TranscriptLinks {
  index?: string;
  /** The volume before this one. */
  previous?: string;
}

/** One whole page: a conversation, or a volume of it. */
export function writeTranscript(
  page: PageFrame,
  transcript: Transcript,
  links: TranscriptLinks = {},
): string {
  return openTranscript(page, transcript, links) + writeEntries(transcript.entries) + closeTranscript(page);
}

/** A page up to its first entry; entries and `closeTranscript` follow. */
export function openTranscript(
  page: PageFrame,
  { title, facts, volume }: Omit<Transcript, 'entries'>,
  { index, previous }: TranscriptLinks = {},
): string {
  const part = volume > 1 ? `, part ${volume}` : '';
  const ways = [
    ...(index === undefined ? [] : [`<a href="${escapeHtml(index)}">All documents</a>`]),
    ...(previous === undefined ? [] : [`<a href="${escapeHtml(previous)}">The part before</a>`]),
  ];
  return (
    page.open(`${title}${part}`) +
    (ways.length === 0 ? '' : `<nav>${ways.join(' · ')}</nav>\n`) +
    `<h1><span dir="auto">${escapeBody(title)}</span>${part}</h1>\n${writeFacts(facts)}` +
    `<h2>Messages</h2>\n<ol class="entries">\n`
  );
}

export function closeTranscript(page: PageFrame): string {
  return `</ol>\n${page.close()}`;
}

export function writeEntries(entries: readonly TranscriptEntry[]): string {
  return entries
    .map((entry) => (entry.kind === 'message' ? writeMessage(entry) : writeEvent(entry)))
    .join('');
}

/** Facts with their labels; nothing where there are none. */
export function writeFacts(facts: Transcript['facts']): string {
  if (facts.length === 0) return '';
  const rows = facts.map(
    ({ label, value }) =>
      `<div><dt>${escapeHtml(label)}</dt><dd dir="auto">${escapeBody(value)}</dd></div>\n`,
  );
  return `<dl>\n${rows.join('')}</dl>\n`;
}

function writeMessage(message: TranscriptMessage): string {
  const { id, at, author, role, isInternal, body, editedAt } = message;
  const shownRole = author === roleName(role) ? '' : `<span class="role">${roleName(role)}</span>`;
  const inside = writeTool(message) + writeCitations(message) + writeFiles(message);
  const edited = editedAt === undefined ? '' : ` <span class="when">(edited ${writeTime(editedAt)})</span>`;
  return (
    `<li><article class="${role}${isInternal ? ' internal' : ''}" data-message="${escapeHtml(id)}">` +
    `<header><h3 dir="auto">${escapeBody(author)}</h3>${shownRole}` +
    (isInternal ? '<span class="badge">Internal note</span>' : '') +
    `<span class="when">${writeTime(at)}${edited}</span></header>` +
    (body === '' ? '' : `<div class="body" dir="auto">${escapeBody(body)}</div>`) +
    (inside === '' && body === '' ? '<p class="empty">No text</p>' : inside) +
    `</article></li>\n`
  );
}

function writeTool({ tool }: TranscriptMessage): string {
  if (tool === undefined) return '';
  const block = (label: string, text: string | undefined) =>
    text === undefined
      ? ''
      : // The first line break behind <pre> is not the text's.
        `<details open><summary>${label}</summary><pre dir="auto">\n${escapeBody(text)}</pre></details>`;
  return (
    `<p class="role">Tool <bdi>${escapeBody(tool.name)}</bdi></p>` +
    block('Arguments', tool.arguments) +
    block('Result', tool.result)
  );
}

function writeCitations({ citations }: TranscriptMessage): string {
  if (citations.length === 0) return '';
  const items = citations.map(({ title, url, quote }) => {
    const link = url === undefined ? undefined : linkOf(url);
    const name = `<bdi>${escapeBody(title)}</bdi>`;
    // What is no address of the web is shown and leads nowhere; a link's address is shown for those who print.
    const source =
      link === undefined
        ? name
        : `<a href="${escapeHtml(link)}" rel="noopener noreferrer nofollow">${name}</a>`;
    const address = url === undefined || url === title ? '' : ` <bdi>${escapeBody(url)}</bdi>`;
    return `<li>${source}${address}${quote === undefined ? '' : `<q dir="auto">${escapeBody(quote)}</q>`}</li>`;
  });
  return `<ul class="more citations" aria-label="Sources">${items.join('')}</ul>`;
}

function writeFiles({ files }: TranscriptMessage): string {
  if (files.length === 0) return '';
  const items = files.map(({ name, mediaType, bytes, path }) => {
    const about = [mediaType, bytes === undefined ? undefined : `${bytes} bytes`, path].filter(Boolean);
    const told = about.length === 0 ? '' : ` (${escapeBody(about.join(', '))})`;
    return `<li><bdi>${escapeBody(name)}</bdi>${told}</li>`;
  });
  return `<ul class="more files" aria-label="Files">${items.join('')}</ul>`;
}

function writeEvent({ at, text, actor, reason }: TranscriptEvent): string {
  const who = actor === undefined ? '' : `, by <bdi>${escapeBody(actor)}</bdi>`;
  const why = reason === undefined ? '' : ` (<bdi>${escapeBody(reason)}</bdi>)`;
  return `<li class="event"><p>${writeTime(at)} <span dir="auto">${escapeBody(text)}</span>${who}${why}</p></li>\n`;
}

function writeTime(at: string): string {
  return at === '' ? '' : `<time datetime="${escapeHtml(at)}">${escapeHtml(showTime(at))}</time>`;
}

import type { RecordSummary } from '../describe-record.ts';
import { showTime } from '../row-reader.ts';
import { escapeBody, escapeHtml } from './escape-html.ts';

/** A document of the archive, as its first page lists it. */
export interface ListedDocument extends RecordSummary {
  /** Volumes of the conversation, as names from the archive's root. */
  names: string[];
  messages: number;
}

/**
 * Shows only the rows that hold what is typed: all of its words, any case. Without scripts the page is the same
 * list, and the browser's own search does it.
 */
export const SEARCH_SCRIPT =
  `(function(){var s=document.getElementById('search'),o=document.getElementById('found'),` +
  `r=[].slice.call(document.querySelectorAll('tbody tr')),t=r.map(function(e){return e.textContent.toLowerCase()});` +
  `document.querySelector('.search').hidden=false;s.addEventListener('input',function(){` +
  `var w=s.value.toLowerCase().split(/\\s+/),n=0;r.forEach(function(e,i){` +
  `var h=w.every(function(x){return t[i].indexOf(x)>=0});e.hidden=!h;if(h)n++});` +
  `o.textContent=s.value?n+' of '+r.length:''})})();`;

export const SEARCH_FIELD =
  '<label class="search" hidden>Search <input id="search" type="search"> <output id="found"></output></label>\n';

/** A table's begin; its rows and `CLOSE_TABLE` follow. @param noun what its rows are, e.g. `Conversations` */
export function openTable(noun: string): string {
  const columns = ['Document', 'Customer', 'Channel', 'Status', 'Started', 'Ended', 'Messages'];
  const head = columns.map((column) => `<th scope="col">${column}</th>`).join('');
  return `<h2>${escapeHtml(noun)}</h2>\n<table>\n<thead><tr>${head}</tr></thead>\n<tbody>\n`;
}

export const CLOSE_TABLE = '</tbody>\n</table>\n';

/** One document's row. */
export function writeTableRow(document: ListedDocument): string {
  const { names, title, customer, channel, status, startedAt, endedAt, messages } = document;
  const [first, ...more] = names;
  const others = more.map((name, index) => ` <a href="${escapeHtml(name)}">part ${index + 2}</a>`).join('');
  const cell = (text: string | undefined) => `<td dir="auto">${escapeBody(text ?? '')}</td>`;
  const time = (at: string | undefined) =>
    at === undefined ? '<td></td>' : `<td><time datetime="${escapeHtml(at)}">${showTime(at)}</time></td>`;
  return (
    `<tr><td><a href="${escapeHtml(first ?? '')}" dir="auto">${escapeBody(title)}</a>${others}</td>` +
    `${cell(customer)}${cell(channel)}${cell(status)}${time(startedAt)}${time(endedAt)}<td>${messages}</td></tr>\n`
  );
}

/** A file of the person, as the first page lists it. */
export interface ListedFile {
  /** The host's id of it. */
  id: string;
  name: string;
  mediaType: string | undefined;
  sizeBytes: number | undefined;
  /** Where its bytes lie in the archive, or why they do not. */
  path?: string;
  reason?: string;
}

/** All files as a table. */
export function writeFileTable(files: readonly ListedFile[]): string {
  if (files.length === 0) return '';
  const rows = files.map(({ name, mediaType = '', sizeBytes, path, reason = '' }) => {
    const shown = `<bdi>${escapeBody(name)}</bdi>`;
    const link = path === undefined ? shown : `<a href="${escapeHtml(path)}">${shown}</a>`;
    return (
      `<tr><td>${link}</td><td>${escapeBody(mediaType)}</td><td>${sizeBytes ?? ''}</td>` +
      `<td>${escapeBody(reason)}</td></tr>\n`
    );
  });
  const head = ['File', 'Type', 'Bytes', 'Missing because'].map((name) => `<th scope="col">${name}</th>`);
  return `<h2>Files</h2>\n<table>\n<thead><tr>${head.join('')}</tr></thead>\n<tbody>\n${rows.join('')}${CLOSE_TABLE}`;
}

import { createHash } from 'node:crypto';
import { readableColor } from '../brand-color.ts';
import { showTime } from '../row-reader.ts';
import type { TranscriptStyle } from '../transcript.ts';
import { escapeHtml } from './escape-html.ts';
import { PAGE_STYLE } from './page-style.ts';

/**
 * What every page of an export begins and ends with: branded, self-contained, and under a policy of its own that
 * lets nothing run or load but what stands in it.
 */
export class PageFrame {
  readonly #style: TranscriptStyle;
  readonly #css: string;
  readonly #cssHash: string;

  constructor(style: TranscriptStyle) {
    this.#style = style;
    this.#css = `:root{--brand:${readableColor(style.color)}}${PAGE_STYLE}`;
    this.#cssHash = hashOf(this.#css);
  }

  /** Up to the beginning of the page's own contents. @param script the page's one script, if it has one */
  open(title: string, script?: string): string {
    const { brandName, logo } = this.#style;
    const policy = [
      `default-src 'none'`,
      `style-src '${this.#cssHash}'`,
      `img-src data:`,
      ...(script === undefined ? [] : [`script-src '${hashOf(script)}'`]),
      `base-uri 'none'`,
      `form-action 'none'`,
    ].join('; ');
    const picture =
      logo === undefined ? '' : `<img src="data:${logo.mediaType};base64,${logo.base64}" alt="">`;
    return (
      `<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n` +
      `<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">\n` +
      `<meta name="viewport" content="width=device-width, initial-scale=1">\n` +
      `<meta name="referrer" content="no-referrer">\n<meta name="robots" content="noindex">\n` +
      `<title>${escapeHtml(title)}</title>\n<style>${this.#css}</style>\n</head>\n<body>\n` +
      `<header class="brand">${picture}<p dir="auto">${escapeHtml(brandName)}</p></header>\n<main>\n`
    );
  }

  /** What the contract asks of a footer: the export, who made it, whose data it is, as of when. */
  close(script?: string): string {
    const { exportId, exportedBy, snapshotAt, workspaceName } = this.#style;
    return (
      `</main>\n<footer>\n` +
      `<p>Exported by <bdi>${escapeHtml(exportedBy)}</bdi> from <bdi>${escapeHtml(workspaceName)}</bdi>. ` +
      `Export ${escapeHtml(exportId)}.</p>\n` +
      `<p>As it was at <time datetime="${snapshotAt}">${showTime(snapshotAt)}</time>. All times are UTC.</p>\n` +
      `</footer>\n${script === undefined ? '' : `<script>${script}</script>\n`}</body>\n</html>\n`
    );
  }
}

/** As a Content-Security-Policy names an inline block. */
function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

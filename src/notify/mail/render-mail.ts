import { ConveyError, errorKind } from '../../errors.ts';
import type { MailTemplate } from './mailer.ts';
import { type MailLocale, mailLocales, type MailText, mailTexts } from './templates.ts';

const foreignLink = errorKind(
  'mails.foreign_link',
  500,
  'A mail holds a link that leads elsewhere than to this server, so it is not sent.',
);

/** A mail, ready to be sent. */
export interface RenderedMail {
  subject: string;
  text: string;
  html: string;
}

export interface MailContent {
  template: MailTemplate;
  locale: string;
  values: Readonly<Record<string, string>>;
}

const LONGEST_NAME = 200;
const LONGEST_VALUE = 8000;
/** A name of ours that looks like an address would be made a link by mail programs. */
const ADDRESS_MARKS = /:\/\/|(?<=[\p{L}\p{N}])\.(?=\p{L})/gu;
/** Values that Convey made, not people: they may look like anything. */
const OURS = new Set(['link', 'document', 'hash', 'signature', 'fingerprint', 'at', 'code', 'expires_at']);

/**
 * Fills a template. Values are one line each (no value can add a header, a line or a link); the HTML has nothing
 * from elsewhere: no picture, no style sheet, no script. @throws mails.foreign_link
 */
export function renderMail({ template, locale, values }: MailContent, publicUrl: string): RenderedMail {
  const language = languageOf(locale);
  const text: MailText = mailTexts[template][language];
  const { link } = values;
  if (link !== undefined && (!URL.canParse(link) || new URL(link).origin !== publicUrl))
    throw new ConveyError(foreignLink);
  const filled = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, clean(name, value)]),
  );
  const subject = fill(text.subject, filled) ?? text.subject.replaceAll(/\s*\{\w+\}/g, '');
  const lines = fillAll(text.lines, filled);
  const after = fillAll(text.after ?? [], filled);
  const hasLink = link !== undefined && text.action !== undefined;
  return {
    subject,
    text: `${[...lines, ...(hasLink ? [`${text.action}:\n${new URL(link).href}`] : []), ...after].join('\n\n')}\n`,
    html: [
      `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>${escapeHtml(subject)}</title></head>`,
      '<body style="font-family: sans-serif; line-height: 1.5; max-width: 36em">',
      ...lines.map(paragraph),
      ...(hasLink
        ? [`<p><a href="${escapeHtml(new URL(link).href)}">${escapeHtml(text.action!)}</a></p>`]
        : []),
      ...after.map(paragraph),
      '</body></html>',
    ].join('\n'),
  };
}

function languageOf(locale: string): MailLocale {
  const [language] = locale.toLowerCase().split(/[-_]/);
  return mailLocales.find((known) => known === language) ?? mailLocales[0];
}

/** One line without control and direction characters; people's names without what looks like an address. */
function clean(name: string, value: string): string {
  const line = value
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .trim();
  if (OURS.has(name)) return line.slice(0, LONGEST_VALUE);
  return line
    .replaceAll(ADDRESS_MARKS, ' ')
    .slice(0, LONGEST_NAME)
    .replace(/\p{Cs}$/u, ''); // no half character
}

function fillAll(lines: readonly string[], values: Readonly<Record<string, string>>): string[] {
  return lines.map((line) => fill(line, values)).filter((line) => line !== undefined);
}

/** Undefined when a value is missing or empty. */
function fill(line: string, values: Readonly<Record<string, string>>): string | undefined {
  const names = [...line.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
  if (names.some((name) => !values[name])) return undefined;
  return line.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => values[name]!);
}

function paragraph(line: string): string {
  return `<p>${escapeHtml(line)}</p>`;
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character]!);
}

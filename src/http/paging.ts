import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ConveyError } from '../errors.ts';
import { badRequest } from './http.errors.ts';

/** What a list takes: part of its query schema (contract §2). */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(100).default(20).describe('Most entries of the page.'),
  cursor: z.string().max(200).optional().describe('`next_cursor` of the page before.'),
};

/** What every list says about the page after it. */
export const nextCursor = z.string().nullable().describe('Asks for the next page; null: this was the last.');

/** Which page of a list. */
export interface Page {
  /** Id of the last entry of the page before. */
  after: string | undefined;
  limit: number;
}

/**
 * Cuts what was read with one entry more than the page takes, and says in `Link` and `next_cursor` how to go on.
 * The entries are in the order of a list that is continued after an entry's id.
 */
export function endPage<Entry>(
  request: FastifyRequest,
  reply: FastifyReply,
  read: readonly Entry[],
  { limit }: Pick<Page, 'limit'>,
  idOf: (entry: Entry) => string,
): { entries: Entry[]; next_cursor: string | null } {
  const entries = read.slice(0, limit);
  if (read.length <= limit) return { entries, next_cursor: null };
  const cursor = Buffer.from(idOf(entries.at(-1)!)).toString('base64url');
  const [path = '', query] = request.url.split('?');
  const next = new URLSearchParams(query); // with the list's filters
  next.set('limit', String(limit));
  next.set('cursor', cursor);
  reply.header('link', `<${path}?${next.toString()}>; rel="next"`);
  return { entries, next_cursor: cursor };
}

/** The page that a query asks for, to be read with one entry more. Throws `http.bad_request`. */
export function pageOf({ limit, cursor }: { limit: number; cursor?: string | undefined }): Page {
  if (cursor === undefined) return { after: undefined, limit: limit + 1 };
  const after = Buffer.from(cursor, 'base64url').toString();
  if (!/^\w+$/.test(after)) throw new ConveyError(badRequest, 'cursor is no cursor of ours.');
  return { after, limit: limit + 1 };
}

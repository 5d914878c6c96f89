import type { PageStart } from '../../catalog/stream-sql.ts';
import { ConveyError } from '../../errors.ts';
import { badRequest } from '../../http/http.errors.ts';
import { parseJson } from '../../parse-json.ts';

/** Lists have cursors of their own: one of another list is refused. */
export type ListName = 'contacts' | 'conversations' | 'messages' | 'events' | 'tickets' | 'files';

/** A place in a list as one opaque word: where the next page begins. */
export function writeCursor(list: ListName, { time, id }: PageStart): string {
  return Buffer.from(JSON.stringify([list, time, id])).toString('base64url');
}

/**
 * The place that a cursor names; undefined for none.
 * @throws http.bad_request naming `cursor`, unless it is one that `writeCursor` wrote for this list
 */
export function readCursor(list: ListName, cursor: string | undefined): PageStart | undefined {
  if (cursor === undefined) return undefined;
  const parts = parsed(cursor);
  if (Array.isArray(parts) && parts.length === 3) {
    const [of, time, id] = parts as unknown[];
    const isText = typeof time === 'string' && typeof id === 'string';
    // Written again it must be the same word: nothing but what we wrote reaches the database.
    if (of === list && isText && isMoment(time) && isGoodId(id) && writeCursor(list, { time, id }) === cursor)
      return { time, id };
  }
  throw new ConveyError(badRequest, undefined, {
    fields: [{ pointer: 'cursor', detail: 'takes the `next_cursor` of a page of this list, unchanged' }],
  });
}

function parsed(cursor: string): unknown {
  try {
    return parseJson(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}

/** A time that PostgreSQL takes: of the years 0001 to 9999, to the microsecond, and a day that there is. */
function isMoment(time: string): boolean {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/.test(time) || time.startsWith('0000')) return false;
  const milliseconds = `${time.slice(0, -4)}Z`;
  const date = new Date(milliseconds);
  return !Number.isNaN(date.getTime()) && date.toISOString() === milliseconds;
}

const isGoodId = (id: string) => id.isWellFormed() && !id.includes('\0');

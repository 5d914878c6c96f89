import type { Schema } from '../../api/client.ts';

export type Message = Schema<'Message'>;
export type ThreadEvent = Schema<'Event'>;
export type ThreadFile = Schema<'File'>;

/** A line of a thread, in order of time. */
export type ThreadEntry = { id: string; at: string } & (
  | { kind: 'message'; message: Message; files: ThreadFile[] }
  | { kind: 'event'; event: ThreadEvent }
  | { kind: 'file'; file: ThreadFile }
);

/**
 * Messages with what happened between them. While later messages were not read yet, what belongs after the last one
 * that was waits with them.
 */
export function mergeThread(
  messages: readonly Message[],
  events: readonly ThreadEvent[],
  files: readonly ThreadFile[],
  isComplete: boolean,
): ThreadEntry[] {
  const known = new Set(messages.map(({ id }) => id));
  const filesOf = new Map<string | null, ThreadFile[]>();
  for (const file of files) filesOf.set(file.message_id, [...(filesOf.get(file.message_id) ?? []), file]);
  const others: ThreadEntry[] = [
    ...events.map((event) => ({ kind: 'event' as const, id: event.id, at: event.at, event })),
    ...files
      // The message of a file that is not in the thread: it is shown where it came.
      .filter(({ message_id: owner }) => owner === null || (isComplete && !known.has(owner)))
      .map((file) => ({ kind: 'file' as const, id: file.id, at: file.created_at, file })),
  ];
  const reached = messages.at(-1)?.created_at;
  const entries: ThreadEntry[] = [
    ...messages.map((message) => ({
      kind: 'message' as const,
      id: message.id,
      at: message.created_at,
      message,
      files: filesOf.get(message.id) ?? [],
    })),
    ...others.filter(({ at }) => isComplete || (reached !== undefined && at <= reached)),
  ];
  return entries.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at) || orderOf(a) - orderOf(b));
}

/** At one time: first what was said. (Sorting keeps the rest as it came.) */
const orderOf = ({ kind }: ThreadEntry) => ['message', 'file', 'event'].indexOf(kind);

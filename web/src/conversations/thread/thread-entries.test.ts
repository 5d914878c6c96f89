import { expect, test } from 'vitest';
import { mergeThread, type Message, type ThreadEvent, type ThreadFile } from './thread-entries.ts';

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 12, 0, second)).toISOString();
const message = (id: string, second: number) => ({ id, created_at: at(second) }) as Message;
const event = (id: string, second: number) => ({ id, at: at(second) }) as ThreadEvent;
const file = (id: string, second: number, owner: string | null) =>
  ({ id, created_at: at(second), message_id: owner }) as ThreadFile;

const messages = [message('m1', 1), message('m2', 5)];
const events = [event('e1', 0), event('e2', 5), event('e3', 9)];
const files = [file('f1', 8, 'm1'), file('f2', 3, null), file('f3', 4, 'elsewhere')];
const ids = (isComplete: boolean) => mergeThread(messages, events, files, isComplete).map(({ id }) => id);

test('everything stands in the order of time, files with their message', () => {
  expect(ids(true)).toEqual(['e1', 'm1', 'f2', 'f3', 'm2', 'e2', 'e3']);
  const [, first] = mergeThread(messages, events, files, true);
  expect(first).toMatchObject({ kind: 'message', files: [{ id: 'f1' }] });
});

test('what comes after the messages that were read waits for the others', () => {
  expect(ids(false)).toEqual(['e1', 'm1', 'f2', 'm2', 'e2']);
  expect(mergeThread([], events, files, false)).toEqual([]);
});

test('a conversation without messages still has its events and files', () => {
  expect(mergeThread([], events, files, true).map(({ id }) => id)).toEqual([
    'e1',
    'f2',
    'f3',
    'e2',
    'f1',
    'e3',
  ]);
});

import { Button, Group, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api, type Schema } from '../../api/client.ts';
import { useLanguage, useTexts } from '../../texts/texts-provider.tsx';
import { FailureNote } from '../failure-note.tsx';
import { formatBytes } from '../format-bytes.ts';
import { BrokenTransferError, NotSavedError, receiveFile } from './receive-file.ts';

const TOLD_EVERY_MS = 250;
const DONE_STAYS_MS = 8000;
/** The server writes a download down when its last byte has gone, a moment after it came here. */
const NOTED_AFTER_MS = [500, 2_000];
let count = 0;

/**
 * Gives a function that downloads what an address of the API sends, and tells how it goes at the edge of the screen,
 * on whatever page one is meanwhile. It resolves to whether the file is there; a refusal or a broken transfer is told
 * in the server's own words and leaves no file behind.
 */
export function useDownload(): (href: string) => Promise<boolean> {
  const texts = useTexts().download;
  const { locale } = useLanguage();
  const queries = useQueryClient();
  return async (href) => {
    const id = `download-${++count}`;
    const stopping = new AbortController();
    const stop = () => stopping.abort();
    const tell = (title: string, message: ReactNode, more: object = {}) => {
      notifications.update({
        id,
        title,
        // In the colour of text: what is said here is all that is said.
        message: <Message>{message}</Message>,
        withBorder: true,
        autoClose: false,
        ...more,
      });
    };
    const running = { loading: true, withCloseButton: false };
    const ended = { loading: false, withCloseButton: true };
    let toldAt = 0;
    notifications.show({ id, message: null, autoClose: false });
    tell(texts.asking, <Running stop={stop} />, running);
    try {
      const received = await receiveFile(href, {
        signal: stopping.signal,
        onProgress: (name, bytes, total) => {
          if (Date.now() - toldAt < TOLD_EVERY_MS) return;
          toldAt = Date.now();
          const size = formatBytes(bytes, locale);
          const text = total === null ? texts.received(size) : texts.of(size, formatBytes(total, locale));
          tell(texts.running(name), <Running text={text} stop={stop} />, running);
        },
        choosePlace: (pick) =>
          navigator.userActivation.isActive
            ? pick()
            : new Promise((resolve, reject) => {
                stopping.signal.addEventListener('abort', () => reject(stopping.signal.reason as Error));
                const choose = () => void pick().then(resolve, reject);
                tell(texts.large, <Large choose={choose} stop={stop} />, ended);
              }),
      });
      const isHanded = received === 'handed over';
      tell(
        isHanded ? texts.handedOver : texts.done(received.name),
        isHanded ? texts.handedOverHint : texts.size(formatBytes(received.bytes, locale)),
        { ...ended, color: isHanded ? 'blue' : 'teal', autoClose: DONE_STAYS_MS },
      );
      return true;
    } catch (error) {
      const isStopped = error instanceof DOMException && error.name === 'AbortError';
      if (isStopped) tell(texts.stopped, null, { ...ended, autoClose: DONE_STAYS_MS, color: 'gray' });
      else await tellFailure(error);
      return false;
    } finally {
      const readAgain = () =>
        queries.invalidateQueries({ predicate: ({ queryKey }) => isOfExports(queryKey) });
      for (const ms of NOTED_AFTER_MS) setTimeout(() => void readAgain(), ms);
      await readAgain();
    }

    async function tellFailure(error: unknown): Promise<void> {
      const failed = { ...ended, color: 'red' };
      if (error instanceof NotSavedError) return tell(texts.notSaved, texts.notSavedHint, failed);
      if (!(error instanceof BrokenTransferError))
        return tell(texts.refused, <FailureNote error={error} />, failed);
      const reason = error.exportId === null ? null : await findFailure(error.exportId);
      tell(texts.broken, <Broken hint={texts.brokenHint} reason={reason} />, failed);
    }
  };
}

const isOfExports = ([, path]: readonly unknown[]) =>
  typeof path === 'string' && path.startsWith('/v1/exports');

/** Why an export failed, by the server's books; null where they say nothing of it. */
async function findFailure(id: string): Promise<Schema<'Export'>['error']> {
  try {
    const { data } = await api.GET('/v1/exports/{id}', { params: { path: { id } } });
    return data?.error ?? null;
  } catch {
    return null;
  }
}

function Message({ children }: { children: ReactNode }) {
  return (
    <Text component="div" size="sm" c="var(--mantine-color-text)">
      {children}
    </Text>
  );
}

function Running({ text, stop }: { text?: string; stop: () => void }) {
  const texts = useTexts().download;
  return (
    <Stack gap={4} align="flex-start">
      {/* Changes several times a second: nobody wants to hear that. */}
      <Text size="sm" aria-live="off">
        {text}
      </Text>
      <Text size="xs" c="dimmed">
        {texts.keepOpen}
      </Text>
      <Button size="compact-xs" variant="default" onClick={stop}>
        {texts.stop}
      </Button>
    </Stack>
  );
}

function Large({ choose, stop }: { choose: () => void; stop: () => void }) {
  const texts = useTexts().download;
  return (
    <Stack gap="xs">
      <Text size="sm">{texts.largeHint}</Text>
      <Group gap="xs">
        <Button size="compact-sm" onClick={choose}>
          {texts.choose}
        </Button>
        <Button size="compact-sm" variant="default" onClick={stop}>
          {texts.stop}
        </Button>
      </Group>
    </Stack>
  );
}

function Broken({ hint, reason }: { hint: string; reason: Schema<'Export'>['error'] }) {
  const { state } = useTexts();
  return (
    <Stack gap={4}>
      <Text size="sm">{hint}</Text>
      {reason !== null && (
        <>
          <Text size="sm">
            {reason.title} <span lang="en">{reason.detail}</span>
          </Text>
          <Text size="xs" c="dimmed">
            {state.code} {reason.code}
          </Text>
        </>
      )}
    </Stack>
  );
}

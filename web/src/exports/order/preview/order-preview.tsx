import { Group, Loader, Paper, Stack, Text, Title } from '@mantine/core';
import { useId } from 'react';
import type { Schema } from '../../../api/client.ts';
import { FailureNote } from '../../../parts/failure-note.tsx';
import { formatBytes } from '../../../parts/format-bytes.ts';
import { formatDuration, formatDurationRange } from '../../../parts/format-duration.ts';
import { Moment } from '../../../parts/moment.tsx';
import { useLanguage, useTexts } from '../../../texts/texts-provider.tsx';
import { CountedList } from './counted-list.tsx';
import styles from './counted.module.css';
import { LeftOut } from './left-out.tsx';
import { RecordCounts } from './record-counts.tsx';
import type { OrderPreviewed } from './use-preview.ts';

type Preview = Schema<'ExportPreview'>;

/** What an order would give: counts, size and time, what is left out. It follows the choices. */
export function OrderPreview({ preview: { query, isCounting } }: { preview: OrderPreviewed }) {
  const texts = useTexts().order.preview;
  const id = useId();
  return (
    <Paper withBorder p="md" component="section" aria-labelledby={id} aria-busy={isCounting}>
      <Stack gap="sm">
        <Group justify="space-between" wrap="nowrap">
          <Title order={3} size="h5" id={id}>
            {texts.title}
          </Title>
          {isCounting && <Loader size={16} role="status" aria-label={texts.counting} />}
        </Group>
        {query.error !== null && !isCounting ? (
          <FailureNote error={query.error} onRetry={() => void query.refetch()} />
        ) : query.data === undefined ? (
          <Text size="sm" c="dimmed">
            {texts.counting}
          </Text>
        ) : (
          <Counted preview={query.data} />
        )}
      </Stack>
    </Paper>
  );
}

function Counted({ preview }: { preview: Preview }) {
  const texts = useTexts();
  const { locale } = useLanguage();
  const { preview: words } = texts.order;
  const { counts, conversations, messages, files, parts, estimate } = preview;
  const records = Object.values(counts).reduce((sum, n) => sum + n, 0);
  // A workspace is more than its conversations: its records are told one sort below the other.
  const isOfConversations = preview.kind === 'conversations' && conversations !== null;
  return (
    <>
      <div role="status">
        <Text fw={600} size="lg">
          {isOfConversations ? texts.unit.conversations(conversations) : texts.unit.records(records)}
        </Text>
        {isOfConversations && messages !== null && <Text size="sm">{texts.unit.messages(messages)}</Text>}
        {files.count > 0 && <Text size="sm">{words.files(files.count)}</Text>}
        {records === 0 && (
          <Text size="sm" c="dimmed">
            {words.empty}
          </Text>
        )}
      </div>
      <CountedList
        items={[
          [words.size, formatBytes(estimate.bytes, locale)],
          [words.time, formatDuration(estimate.seconds, locale)],
          [words.between, formatDurationRange(estimate.seconds_range, locale)],
        ]}
      />
      <Text size="xs" c="dimmed">
        {words.basis[estimate.based_on]} {words.parts(parts)}. {words.at} <Moment at={preview.snapshot_at} />.
      </Text>
      {files.without_bytes > 0 && <Text size="sm">{words.filesMissing(files.without_bytes)}</Text>}
      {Object.keys(counts).length > 1 && (
        <details open={!isOfConversations}>
          <summary className={styles['summary']}>
            <Text span size="sm" fw={600}>
              {words.counts}
            </Text>
          </summary>
          <RecordCounts of={counts} />
        </details>
      )}
      <LeftOut title={words.leftOut} of={preview.left_out} isOpen />
    </>
  );
}

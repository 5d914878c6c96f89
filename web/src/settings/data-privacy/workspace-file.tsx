import { Button, Paper, Stack, Text, Title } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { $api, type Schema } from '../../api/client.ts';
import { LeftOut } from '../../exports/order/preview/left-out.tsx';
import { RecordCounts } from '../../exports/order/preview/record-counts.tsx';
import { formatBytes } from '../../parts/format-bytes.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { useLanguage, useTexts } from '../../texts/texts-provider.tsx';
import { bulkHref } from '../data-export/bulk-exports.ts';
import { useOneDownload } from '../data-export/use-one-download.ts';
import styles from './data-privacy.module.css';

/** The workspace as one file that is sent at once: what is in it, what is not, about how big it becomes. */
export function WorkspaceFile({ format }: { format: 'json' | 'csv' }) {
  const texts = useTexts();
  const words = texts.settingsData.dataPrivacy;
  const { running, start } = useOneDownload();
  const preview = $api.useQuery(
    'get',
    '/v1/exports/preview',
    { params: { query: { kind: 'workspace', format } } },
    { staleTime: 60_000 },
  );
  const { title, hint } = words.files[format];
  return (
    <Paper withBorder p="md" component="section" aria-label={title} className={styles['file']}>
      <Stack h="100%">
        <div>
          <Title order={3} size="h5">
            {title}
          </Title>
          <Text size="sm" c="dimmed">
            {hint}
          </Text>
        </div>
        <Loaded query={preview}>{(data) => <Contents preview={data} />}</Loaded>
        <Button
          mt="auto"
          leftSection={<IconDownload size={16} aria-hidden />}
          loading={running !== null}
          onClick={() => start(bulkHref('workspace', format))}
        >
          {words.download(texts.exports.formats[format])}
        </Button>
      </Stack>
    </Paper>
  );
}

function Contents({ preview }: { preview: Schema<'ExportPreview'> }) {
  const words = useTexts().settingsData.dataPrivacy;
  const { locale } = useLanguage();
  return (
    <>
      <Text size="sm">{words.about(formatBytes(preview.estimate.bytes, locale))}</Text>
      <RecordCounts of={preview.counts} />
      <LeftOut title={words.leftOut} of={preview.left_out} isOpen />
    </>
  );
}

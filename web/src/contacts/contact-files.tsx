import { Anchor, Text } from '@mantine/core';
import { $api } from '../api/client.ts';
import { useDownload } from '../parts/download/download.tsx';
import { formatBytes } from '../parts/format-bytes.ts';
import { Moment } from '../parts/moment.tsx';
import { useLanguage, useTexts } from '../texts/texts-provider.tsx';
import styles from './contacts.module.css';
import { Listed, PAGE, paging, ToConversation } from './listed.tsx';

/** Files of somebody and of their conversations. */
export function ContactFiles({ id }: { id: string }) {
  const texts = useTexts().contacts;
  const { locale } = useLanguage();
  const download = useDownload();
  const query = $api.useInfiniteQuery(
    'get',
    '/v1/contacts/{id}/files',
    { params: { path: { id }, query: { limit: PAGE } } },
    paging,
  );
  return (
    <Listed
      tab="files"
      query={query}
      rowsOf={({ files }) => files}
      columns={[
        {
          title: texts.file,
          cell: ({ id: file, name, content_bytes: held }) =>
            held === null ? (
              <>
                {name ?? file}
                <Text size="xs" c="dimmed">
                  {texts.noBytes}
                </Text>
              </>
            ) : (
              <Anchor
                component="button"
                type="button"
                size="sm"
                ta="start"
                onClick={() => void download(`/v1/files/${encodeURIComponent(file)}/content`)}
              >
                {name ?? file}
              </Anchor>
            ),
        },
        { title: texts.type, cell: ({ media_type: type }) => type ?? texts.unknown },
        {
          title: texts.conversation,
          cell: ({ conversation_id: conversation }) =>
            conversation === null ? texts.unknown : <ToConversation id={conversation} text={texts.open} />,
        },
        {
          title: texts.added,
          cell: ({ created_at: at }) => (
            <span className={styles['whole']}>
              <Moment at={at} />
            </span>
          ),
        },
        {
          title: texts.size,
          isEnd: true,
          cell: ({ size }) => (size === null ? texts.unknown : formatBytes(size, locale)),
        },
      ]}
    />
  );
}

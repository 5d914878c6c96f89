import { Text } from '@mantine/core';
import type { Schema } from '../../api/client.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { formatBytes } from '../../parts/format-bytes.ts';
import { Moment } from '../../parts/moment.tsx';
import { useLanguage, useTexts } from '../../texts/texts-provider.tsx';
import { Asker } from '../asker.tsx';
import { Section } from '../../parts/section.tsx';

type Download = Schema<'Export'>['downloads'][number];

/** The server tells so many. */
const MOST = 50;

/** Who took which file along, and when. */
export function Downloads({ of: { downloads, last_download: last } }: { of: Schema<'Export'> }) {
  const texts = useTexts().exportPage.downloads;
  const { locale } = useLanguage();
  return (
    <Section title={texts.title}>
      {downloads.length === 0 ? (
        <Text size="sm" c="dimmed">
          {texts.none}
        </Text>
      ) : last === null ? (
        <Text size="sm">{texts.onlyPieces}</Text>
      ) : (
        <Text size="sm">
          {texts.lastWhole} <Moment at={last.at} /> ({formatBytes(last.bytes, locale)}).
        </Text>
      )}
      {downloads.length > 0 && (
        <DataTable<Download>
          label={texts.title}
          rows={downloads}
          keyOf={({ at, actor, file }) => `${at} ${actor.id} ${file}`}
          minWidth={560}
          columns={[
            {
              title: texts.who,
              cell: ({ actor }) => (actor.type === 'link' ? texts.byLink(actor.name) : <Asker by={actor} />),
            },
            { title: texts.when, cell: ({ at }) => <Moment at={at} /> },
            {
              title: texts.what,
              cell: ({ file, complete }) => {
                if (file === null) return texts.whole;
                return complete ? texts.allOf(file) : texts.partial(file);
              },
            },
            { title: texts.size, isEnd: true, cell: ({ bytes }) => formatBytes(bytes, locale) },
          ]}
        />
      )}
      {downloads.length >= MOST && (
        <Text size="sm" c="dimmed">
          {texts.most}
        </Text>
      )}
    </Section>
  );
}

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
export function Downloads({ of: { downloads } }: { of: Schema<'Export'> }) {
  const texts = useTexts().exportPage.downloads;
  const { language } = useLanguage();
  return (
    <Section title={texts.title}>
      {downloads.length === 0 ? (
        <Text size="sm" c="dimmed">
          {texts.none}
        </Text>
      ) : (
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
                if (complete) return file ?? texts.whole;
                return texts.partial(file ?? '');
              },
            },
            { title: texts.size, isEnd: true, cell: ({ bytes }) => formatBytes(bytes, language) },
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

import { ActionIcon, Button, Code } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import type { Schema } from '../../api/client.ts';
import { DataTable } from '../../parts/data-table.tsx';
import { useDownload } from '../../parts/download/download.tsx';
import { formatBytes } from '../../parts/format-bytes.ts';
import { useLanguage, useTexts } from '../../texts/texts-provider.tsx';
import { Digest } from './digest.tsx';
import { Section } from '../../parts/section.tsx';

type File = Schema<'Export'>['files'][number];

/** Shown at first; an export with attachments can have thousands. */
const SHOWN = 50;

/** The parts and files of a package, each to be fetched by itself. */
export function Parts({ of: { files, manifest } }: { of: Schema<'Export'> }) {
  const texts = useTexts().exportPage.files;
  const { locale } = useLanguage();
  const download = useDownload();
  const [shown, setShown] = useState(SHOWN);
  return (
    <Section
      title={texts.title}
      hint={texts.hint}
      actions={
        manifest !== null && (
          <Button variant="default" size="xs" onClick={() => void download(manifest)}>
            {texts.manifest}
          </Button>
        )
      }
    >
      <DataTable<File>
        label={texts.title}
        rows={files.slice(0, shown)}
        keyOf={({ name }) => name}
        minWidth={640}
        columns={[
          { title: texts.name, cell: ({ name }) => <Code>{name}</Code> },
          {
            title: texts.records,
            isEnd: true,
            cell: ({ part, records }) => (part === null ? '' : records.toLocaleString(locale)),
          },
          { title: texts.size, isEnd: true, cell: ({ bytes }) => formatBytes(bytes, locale) },
          { title: texts.sha256, cell: ({ sha256 }) => <Digest sha256={sha256} /> },
          {
            title: texts.actions,
            isEnd: true,
            cell: ({ url, name }) => (
              <ActionIcon
                variant="subtle"
                onClick={() => void download(url)}
                aria-label={texts.one(name)}
                title={texts.one(name)}
              >
                <IconDownload size={16} aria-hidden />
              </ActionIcon>
            ),
          },
        ]}
      />
      {files.length > shown && (
        <Button variant="default" onClick={() => setShown(files.length)}>
          {texts.more(files.length - shown)}
        </Button>
      )}
    </Section>
  );
}

import { Button, Menu } from '@mantine/core';
import { IconChevronDown, IconPackageExport } from '@tabler/icons-react';
import { useState } from 'react';
import type { operations } from '../../api/schema.d.ts';
import { ExportDialog } from '../../exports/order/export-dialog.tsx';
import type { WantedExport } from '../../exports/order/export-order.ts';
import { useDownload } from '../../parts/download/download.tsx';
import { useMay } from '../../session/use-session.ts';
import { useTexts } from '../../texts/texts-provider.tsx';

type Query = NonNullable<operations['exportConversation']['parameters']['query']>;
type Format = NonNullable<Query['format']>;

/** Each format that the server sends at once, with the profile that a person wants of it. */
const CHOICES: Record<Format, Query> = {
  json: { format: 'json' },
  csv: { format: 'csv', profile: 'spreadsheet' },
  pdf: { format: 'pdf' },
  html: { format: 'html' },
};

/** One conversation as a file, at once; with more choices for those who may order exports of conversations. */
export function ExportMenu({ id }: { id: string }) {
  const texts = useTexts().conversations.export;
  const download = useDownload();
  const may = useMay();
  const [wanted, setWanted] = useState<WantedExport>();
  const fetchAs = (format: Format) => {
    const query = new URLSearchParams(CHOICES[format]);
    void download(`/v1/conversations/${encodeURIComponent(id)}/export?${query.toString()}`);
  };
  return (
    <>
      <Menu position="bottom-end" width={280}>
        <Menu.Target>
          <Button
            leftSection={<IconPackageExport size={16} aria-hidden />}
            rightSection={<IconChevronDown size={14} aria-hidden />}
          >
            {texts.title}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {(Object.keys(CHOICES) as Format[]).map((format) => (
            <Menu.Item key={format} onClick={() => fetchAs(format)}>
              <div>{texts.formats[format].name}</div>
              <small>{texts.formats[format].what}</small>
            </Menu.Item>
          ))}
          {may('export.conversations') && may('export.order') && (
            <>
              <Menu.Divider />
              <Menu.Item onClick={() => setWanted({ kind: 'conversations', ids: [id] })}>
                {texts.more}
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      {wanted !== undefined && <ExportDialog isOpen onClose={() => setWanted(undefined)} order={wanted} />}
    </>
  );
}

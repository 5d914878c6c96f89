import { Button, Menu, Text } from '@mantine/core';
import { IconChevronDown, IconDownload } from '@tabler/icons-react';
import type { paths } from '../../api/schema.d.ts';
import { useDownload } from '../../parts/download/download.tsx';
import { useTexts } from '../../texts/texts-provider.tsx';
import { type AuditSearch, logQueryOf } from './audit-search.ts';

type ExportQuery = NonNullable<paths['/v1/audit-log/export']['get']['parameters']['query']>;

/** What a file of the log can be; a spreadsheet's CSV is one of them. */
export type LogFile = NonNullable<ExportQuery['format']> | 'spreadsheet';

/** The order of the menu. */
const FILES: Record<LogFile, ExportQuery> = {
  csv: { format: 'csv' },
  spreadsheet: { format: 'csv', profile: 'spreadsheet' },
  json: { format: 'json' },
  ndjson: { format: 'ndjson' },
  ecs: { format: 'ecs' },
  ocsf: { format: 'ocsf' },
};

/**
 * Downloads the log as the page shows it. Shown to everybody who may read the log: who may not export it (a role, a
 * plan) is told so by the server.
 */
export function ExportMenu({ search }: { search: AuditSearch }) {
  const texts = useTexts().audit.export;
  const download = useDownload();
  const filter = logQueryOf(search);
  const isNarrowed = Object.keys(filter).length > 0;
  const start = (file: ExportQuery) => {
    const query = new URLSearchParams(
      Object.entries({ ...file, ...filter }).map(([key, value]) => [key, String(value)]),
    );
    void download(`/v1/audit-log/export?${query.toString()}`);
  };
  return (
    <Menu position="bottom-end" width={300}>
      <Menu.Target>
        <Button
          leftSection={<IconDownload size={16} aria-hidden />}
          rightSection={<IconChevronDown size={14} aria-hidden />}
        >
          {texts.button}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{isNarrowed ? texts.narrowed : texts.all}</Menu.Label>
        {(Object.keys(FILES) as LogFile[]).map((file) => (
          <Menu.Item key={file} onClick={() => start(FILES[file])}>
            {texts.files[file].name}
            <Text size="xs" c="dimmed">
              {texts.files[file].about}
            </Text>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

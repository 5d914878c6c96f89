import { Stack, Title } from '@mantine/core';
import type { Schema } from '../api/client.ts';
import { type Column, DataTable } from '../parts/data-table.tsx';
import { useTexts } from '../texts/texts-provider.tsx';
import styles from './samples.module.css';

type Preview = Schema<'ImportPreview'>;

const SHOWN = 5;

/** The first rows of a file as they stand in it. */
export function SourceRows({ preview }: { preview: Preview }) {
  const texts = useTexts().welcome.upload;
  const columns: Column<Preview['rows'][number]>[] = preview.columns.map((title, index) => ({
    title,
    cell: ({ cells }) => <span className={styles['cell']}>{cells[index]}</span>,
  }));
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">
        {texts.rows}
      </Title>
      <DataTable
        label={texts.rows}
        columns={columns}
        rows={preview.rows.slice(0, SHOWN)}
        keyOf={({ line }) => String(line)}
        minWidth={Math.max(320, preview.columns.length * 120)}
      />
    </Stack>
  );
}

import { Badge } from '@mantine/core';
import type { Schema } from '../api/client.ts';
import { type Column, DataTable } from '../parts/data-table.tsx';
import { useTexts } from '../texts/texts-provider.tsx';
import styles from './samples.module.css';

type Sample = Schema<'ImportPreview'>['records'][number];

/** The first records that a file would become. */
export function RecordSamples({ records }: { records: readonly Sample[] }) {
  const texts = useTexts().welcome.upload;
  const columns: Column<Sample & { key: number }>[] = [
    { title: texts.line, cell: ({ line }) => line },
    {
      title: texts.type,
      cell: ({ record }) => (
        <Badge variant="light" tt="none">
          {String(record['type'])}
        </Badge>
      ),
    },
    { title: texts.id, cell: ({ record }) => <span className={styles['cell']}>{String(record['id'])}</span> },
    { title: texts.fields, cell: ({ record }) => <Fields record={record} /> },
  ];
  return (
    <DataTable
      label={texts.become}
      columns={columns}
      rows={records.map((one, key) => ({ ...one, key }))}
      keyOf={({ key }) => String(key)}
      minWidth={720}
    />
  );
}

function Fields({ record }: { record: Record<string, unknown> }) {
  const fields = Object.entries(record).filter(([name]) => name !== 'type' && name !== 'id');
  return (
    <dl className={styles['fields']}>
      {fields.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

import { Button, Center, Table } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTexts } from '../texts/texts-provider.tsx';
import styles from './data-table.module.css';

export interface Column<Row> {
  title: string;
  cell: (row: Row) => ReactNode;
  /** Numbers and actions stand at the end. */
  isEnd?: boolean;
}

/**
 * A list as a table that goes on where it ends. With little room its rows stand as blocks; the roles say that it is still
 * a table, which a browser takes from what is drawn as blocks.
 */
export function DataTable<Row>({
  label,
  columns,
  rows,
  keyOf,
  more,
  minWidth = 640,
}: {
  /** What the table lists, for whoever does not see it. */
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  /** Reads the next page; missing when there is none. */
  more?: { load: () => void; isPending: boolean } | undefined;
  minWidth?: number;
}) {
  const texts = useTexts();
  return (
    <>
      <Table.ScrollContainer minWidth={minWidth} className={styles['scroll']}>
        <Table
          verticalSpacing="sm"
          highlightOnHover
          aria-label={label}
          role="table"
          className={styles['table']}
        >
          <Table.Thead role="rowgroup">
            <Table.Tr role="row">
              {columns.map(({ title, isEnd }) => (
                <Table.Th key={title} role="columnheader" ta={isEnd === true ? 'end' : 'start'} scope="col">
                  {title}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody role="rowgroup">
            {rows.map((row) => (
              <Table.Tr key={keyOf(row)} role="row">
                {columns.map(({ title, cell, isEnd }) => (
                  <Table.Td
                    key={title}
                    role="cell"
                    data-column={title}
                    className={isEnd === true ? styles['end'] : undefined}
                  >
                    {cell(row)}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {more !== undefined && (
        <Center>
          <Button variant="default" onClick={more.load} loading={more.isPending}>
            {texts.state.more}
          </Button>
        </Center>
      )}
    </>
  );
}

import { Button, Center, Table } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTexts } from '../texts/texts-provider.tsx';

export interface Column<Row> {
  title: string;
  cell: (row: Row) => ReactNode;
  /** Numbers and actions stand at the end. */
  isEnd?: boolean;
}

/** A list as a table that can be scrolled sideways where there is little room, and goes on where it ends. */
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
      <Table.ScrollContainer minWidth={minWidth}>
        <Table verticalSpacing="sm" highlightOnHover aria-label={label}>
          <Table.Thead>
            <Table.Tr>
              {columns.map(({ title, isEnd }) => (
                <Table.Th key={title} ta={isEnd === true ? 'end' : 'start'} scope="col">
                  {title}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <Table.Tr key={keyOf(row)}>
                {columns.map(({ title, cell, isEnd }) => (
                  <Table.Td key={title} ta={isEnd === true ? 'end' : 'start'}>
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

import { Badge, Table, Text } from '@mantine/core';
import { $api, type Schema } from '../api/client.ts';
import { formatBytes } from '../parts/format-bytes.ts';
import { Loaded } from '../parts/loaded.tsx';
import { Moment } from '../parts/moment.tsx';
import { useLanguage, useTexts } from '../texts/texts-provider.tsx';

const COLORS: Record<Schema<'Export'>['status'], string> = {
  queued: 'gray',
  running: 'blue',
  ready: 'teal',
  failed: 'red',
  cancelled: 'gray',
  expired: 'gray',
};

/** Exports, the newest first. */
export function ExportTable({ limit }: { limit: number }) {
  const texts = useTexts();
  const { language } = useLanguage();
  const query = $api.useQuery('get', '/v1/exports', { params: { query: { limit } } });
  return (
    <Loaded query={query}>
      {({ exports }) =>
        exports.length === 0 ? (
          <Text c="dimmed">{texts.state.nothing}</Text>
        ) : (
          <Table.ScrollContainer minWidth={640}>
            <Table verticalSpacing="sm">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{texts.exports.what}</Table.Th>
                  <Table.Th>{texts.exports.status}</Table.Th>
                  <Table.Th>{texts.exports.by}</Table.Th>
                  <Table.Th>{texts.exports.at}</Table.Th>
                  <Table.Th ta="end">{texts.exports.size}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {exports.map((one) => (
                  <Table.Tr key={one.job_id}>
                    <Table.Td>
                      {one.kind} · {one.format}
                    </Table.Td>
                    <Table.Td>
                      <Badge variant="light" color={COLORS[one.status]}>
                        {texts.exports.statuses[one.status]}
                      </Badge>
                    </Table.Td>
                    <Table.Td>{one.requested_by.name}</Table.Td>
                    <Table.Td>
                      <Moment at={one.requested_at} />
                    </Table.Td>
                    <Table.Td ta="end">{one.bytes === null ? '' : formatBytes(one.bytes, language)}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )
      }
    </Loaded>
  );
}

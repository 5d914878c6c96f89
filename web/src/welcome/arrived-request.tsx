import { Anchor, Badge, Group, List, Text } from '@mantine/core';
import type { Schema } from '../api/client.ts';
import { Ago } from '../parts/ago.tsx';
import { useTexts } from '../texts/texts-provider.tsx';

type Request = Schema<'IngestRequest'>;

/** One request that brought records: when, from whom, what was taken, and what not and why. */
export function ArrivedRequest({ request }: { request: Request }) {
  const texts = useTexts().welcome.connect;
  const { taken, failure, rejected_count: rejectedCount, rejected } = request;
  const color = failure !== null ? 'red' : rejectedCount > 0 ? 'yellow' : 'teal';
  return (
    <li>
      <Group gap="xs">
        <Badge variant="light" color={color} miw="max-content">
          {texts.taken(taken)}
        </Badge>
        <Text size="sm">{whatCame(request, texts)}</Text>
        <Text size="sm" c="dimmed" ms="auto">
          {request.key.name} · <Ago at={request.at} />
        </Text>
      </Group>
      {failure !== null && (
        <Text size="sm" mt={4}>
          {failure.title} <Code code={failure.code} />
        </Text>
      )}
      {rejectedCount > 0 && (
        <>
          <Text size="sm" mt={4}>
            {texts.rejected(rejectedCount)}
          </Text>
          <List size="sm">
            {rejected.map(({ line, field, detail, code }) => (
              <List.Item key={`${line} ${field}`}>
                {texts.line(line, field)} {detail} <Code code={code} />
              </List.Item>
            ))}
            {rejectedCount > rejected.length && (
              <List.Item>{texts.moreRejected(rejectedCount - rejected.length)}</List.Item>
            )}
          </List>
        </>
      )}
    </li>
  );
}

function whatCame(
  { by_type: types, unchanged, pending }: Request,
  texts: ReturnType<typeof useTexts>['welcome']['connect'],
): string {
  return [
    ...Object.entries(types).map(([type, n]) => texts.ofType(n, type)),
    ...(unchanged > 0 ? [texts.unchanged(unchanged)] : []),
    ...(pending > 0 ? [texts.pending(pending)] : []),
  ].join(', ');
}

function Code({ code }: { code: string }) {
  return (
    <Anchor href={`/problems/${code}`} size="sm">
      {code}
    </Anchor>
  );
}

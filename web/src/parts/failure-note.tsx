import { Alert, Button, Code, List, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { RefusedError } from '../api/problem.ts';
import { useTexts } from '../texts/texts-provider.tsx';

/** What went wrong, in the server's own words, with the code and the request's id, and what to do. */
export function FailureNote({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const texts = useTexts();
  const problem = error instanceof RefusedError ? error.problem : undefined;
  return (
    <Alert
      color="red"
      role="alert"
      icon={<IconAlertTriangle aria-hidden />}
      title={problem?.title ?? texts.state.noReply}
    >
      <Stack gap="xs" align="flex-start">
        {problem?.detail !== undefined && <Text size="sm">{problem.detail}</Text>}
        {problem?.errors !== undefined && (
          <List size="sm">
            {problem.errors.map(({ pointer, detail }) => (
              <List.Item key={pointer + detail}>
                <Code>{pointer}</Code> {detail}
              </List.Item>
            ))}
          </List>
        )}
        {problem !== undefined && (
          <Text size="xs" c="dimmed">
            {texts.state.code} <a href={problem.type}>{problem.code}</a> · {texts.state.requestId}{' '}
            <Code>{problem.request_id}</Code>
          </Text>
        )}
        {onRetry !== undefined && (
          <Button size="xs" variant="default" onClick={onRetry}>
            {texts.state.tryAgain}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

import { Alert, Button, Code, List, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { isFinal, RefusedError } from '../api/problem.ts';
import { useTexts } from '../texts/texts-provider.tsx';

/** What went wrong, in the server's own words, with the code and the request's id, and what to do. */
export function FailureNote({
  error,
  onRetry,
  isToldAtFields = false,
}: {
  error: unknown;
  onRetry?: () => void;
  /** The fields of a form say themselves what is wrong with them. */
  isToldAtFields?: boolean;
}) {
  const texts = useTexts();
  const refused = error instanceof RefusedError ? error : undefined;
  const problem = refused?.problem;
  const isDetailAtField = isToldAtFields && problem?.errors?.some(({ detail }) => detail === problem.detail);
  return (
    <Alert
      color="red"
      role="alert"
      icon={<IconAlertTriangle aria-hidden />}
      title={problem?.title ?? texts.state.noReply}
    >
      <Stack gap="xs" align="flex-start">
        {/* What was wrong this time is told in English: it is made of what came. */}
        {problem?.detail !== undefined && isDetailAtField !== true && (
          <Text size="sm" lang="en">
            {problem.detail}
          </Text>
        )}
        {refused?.retryAfter !== undefined && (
          <Text size="sm">{texts.state.retryAfter(refused.retryAfter)}</Text>
        )}
        {problem?.errors !== undefined && !isToldAtFields && (
          <List size="sm">
            {problem.errors.map(({ pointer, detail }) => (
              <List.Item key={pointer + detail}>
                <Code>{pointer}</Code> <span lang="en">{detail}</span>
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
        {onRetry !== undefined && !isFinal(error) && (
          <Button size="xs" variant="default" onClick={onRetry}>
            {texts.state.tryAgain}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

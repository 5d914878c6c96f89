import { Alert, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { Schema } from '../../api/client.ts';
import type { Texts } from '../../texts/en/en.ts';
import { useTexts } from '../../texts/texts-provider.tsx';
import { RunAgain } from './run-again.tsx';

/** Why an export failed, in the server's words, and what one can do about it. */
export function Failure({ of: { job_id: id, error } }: { of: Schema<'Export'> }) {
  const texts = useTexts().exportPage.failed;
  return (
    <Alert color="red" role="alert" icon={<IconAlertTriangle aria-hidden />} title={texts.title}>
      <Stack gap="xs" align="flex-start">
        {error !== null && (
          <>
            <Text size="sm" fw={500}>
              {error.title}
            </Text>
            {error.detail !== null && (
              <Text size="sm" lang="en">
                {error.detail}
              </Text>
            )}
            <Text size="xs" c="dimmed">
              {texts.code} <a href={`/problems/${error.code}`}>{error.code}</a>
            </Text>
          </>
        )}
        <Text size="sm">
          {texts.todo} {adviceFor(error?.code ?? '', texts)}
        </Text>
        <RunAgain id={id} />
      </Stack>
    </Alert>
  );
}

/** What helps: other rights, less of it, or to try again. */
function adviceFor(code: string, texts: Texts['exportPage']['failed']): string {
  if (code.startsWith('access.') || code === 'exports.beyond_reach') return texts.access;
  return code.startsWith('formats.') ? texts.narrow : texts.again;
}

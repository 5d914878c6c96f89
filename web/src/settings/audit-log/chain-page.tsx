import { Alert, Button, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { $api, type Schema } from '../../api/client.ts';
import { CopyText } from '../../parts/copy-text.tsx';
import { FailureNote } from '../../parts/failure-note.tsx';
import { Page } from '../../parts/page.tsx';
import { RouteAnchor } from '../../parts/route-anchor.tsx';
import { useTexts } from '../../texts/texts-provider.tsx';
import { CheckpointList } from './checkpoint-list.tsx';

/** Whether the log still says what was recorded, and the signed notes of how far it had come. */
export function ChainPage() {
  const texts = useTexts();
  const { chain } = texts.audit;
  const verify = $api.useMutation('get', '/v1/audit-log/verify');
  return (
    <Page
      title={chain.title}
      hint={<RouteAnchor to="/settings/audit-log">← {texts.settings.pages.auditLog.name}</RouteAnchor>}
      actions={
        <Button onClick={() => verify.mutate({})} loading={verify.isPending}>
          {chain.verify}
        </Button>
      }
    >
      <Text maw={720}>{chain.how}</Text>
      <div aria-live="polite">
        {verify.error !== null && <FailureNote error={verify.error} />}
        {verify.data !== undefined && <Result found={verify.data} />}
      </div>
      <Stack component="section" gap="sm">
        <Title order={2} size="h4">
          {chain.checkpoints}
        </Title>
        <Text c="dimmed" maw={720}>
          {chain.checkpointsHint}
        </Text>
        <CheckpointList />
      </Stack>
    </Page>
  );
}

function Result({ found }: { found: Schema<'AuditVerification'> }) {
  const { chain } = useTexts().audit;
  const { valid, message, problem, events, erased_bodies: erased, checkpoints, head_hash: head } = found;
  return (
    <Alert
      color={valid ? 'teal' : 'red'}
      icon={valid ? <IconCircleCheck aria-hidden /> : <IconAlertTriangle aria-hidden />}
      title={valid ? chain.intact : chain.broken}
    >
      <Stack gap="xs">
        <Text size="sm">{valid ? chain.sound(events) : chain.brokenAt(problem?.seq ?? 0)}</Text>
        {problem !== null && (
          <Text size="sm" fw={600}>
            {problem.reason}
          </Text>
        )}
        {erased > 0 && <Text size="sm">{chain.erased(erased)}</Text>}
        <Text size="sm">{chain.compared(checkpoints.compared)}</Text>
        {!valid && <Text size="sm">{chain.whatToDo}</Text>}
        {head !== null && (
          <div>
            <Text size="sm">{chain.head}</Text>
            <CopyText text={head} />
          </div>
        )}
        <Text size="xs">
          {chain.serverSays} <span lang="en">{message}</span>
        </Text>
      </Stack>
    </Alert>
  );
}

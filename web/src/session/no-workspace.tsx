import { Button, Stack, Text } from '@mantine/core';
import { FailureNote } from '../parts/failure-note.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Page } from '../parts/page.tsx';
import { useTexts } from '../texts/texts-provider.tsx';
import { useSession } from './use-session.ts';
import { useSwitchWorkspace } from './use-switch-workspace.ts';

/** In place of every page, while the session is in no workspace: those there are, or how one comes into one. */
export function NoWorkspace() {
  const texts = useTexts().session.noWorkspace;
  const session = useSession();
  const change = useSwitchWorkspace();
  return (
    <Page title={texts.title}>
      <Loaded query={session}>
        {({ workspaces }) => (
          <Stack align="flex-start">
            <Text maw={560}>{workspaces.length === 0 ? texts.none : texts.choose}</Text>
            {change.error !== null && <FailureNote error={change.error} />}
            {workspaces.map(({ id, name }) => (
              <Button key={id} variant="default" loading={change.isPending} onClick={() => change.to(id)}>
                {name}
              </Button>
            ))}
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

import { Button, Menu, Text } from '@mantine/core';
import { useMantineColorScheme } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconChevronDown } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { $api } from '../../api/client.ts';
import { useEnter, useSession, useWhoami } from '../../session/use-session.ts';
import { useSwitchWorkspace } from '../../session/use-switch-workspace.ts';
import { type Language, languages } from '../../texts/chosen-language.ts';
import { useLanguage, useTexts } from '../../texts/texts-provider.tsx';

const SCHEMES = ['auto', 'light', 'dark'] as const;

/** Who is signed in, where, and how things look to them. */
export function AccountMenu() {
  const texts = useTexts();
  const { language, setLanguage } = useLanguage();
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const { data: whoami } = useWhoami();
  const enter = useEnter();
  const signOut = $api.useMutation('delete', '/v1/session', { onSettled: () => enter('/sign-in') });
  return (
    <Menu position="bottom-end" width={260} withinPortal={false}>
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          rightSection={<IconChevronDown size={14} aria-hidden />}
          miw={0}
          px="xs"
        >
          {whoami?.principal.name}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <WorkspaceItems />
        <Menu.Item component={Link} to="/account">
          {texts.nav.account}
        </Menu.Item>
        <Menu.Item component="a" href="/docs">
          {texts.app.docs}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>{texts.scheme.label}</Menu.Label>
        <Menu.RadioGroup
          value={colorScheme}
          onChange={(scheme) => setColorScheme(scheme as typeof colorScheme)}
        >
          <div role="group" aria-label={texts.scheme.label}>
            {SCHEMES.map((scheme) => (
              <Menu.RadioItem key={scheme} value={scheme}>
                {texts.scheme[scheme]}
              </Menu.RadioItem>
            ))}
          </div>
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Label>{texts.app.language}</Menu.Label>
        <Menu.RadioGroup value={language} onChange={(one) => setLanguage(one as Language)}>
          <div role="group" aria-label={texts.app.language}>
            {Object.entries(languages).map(([one, name]) => (
              <Menu.RadioItem key={one} value={one} lang={one}>
                {name}
              </Menu.RadioItem>
            ))}
          </div>
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Item onClick={() => signOut.mutate({})}>{texts.app.signOut}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** The workspace one works in, and the others one could. */
function WorkspaceItems() {
  const texts = useTexts();
  const { data: whoami } = useWhoami();
  const { data: session } = useSession();
  const change = useSwitchWorkspace();
  useEffect(() => {
    if (change.error !== null) notifications.show({ color: 'red', message: texts.session.switchFailed });
  }, [change.error, texts]);
  const others = session?.workspaces.filter(({ id }) => id !== session.workspace) ?? [];
  return (
    <>
      {whoami?.workspace && (
        <Menu.Label>
          {whoami.workspace.name}
          {whoami.role !== null && ` · ${texts.roles[whoami.role]}`}
        </Menu.Label>
      )}
      {others.map(({ id, name, role }) => (
        <Menu.Item key={id} onClick={() => change.to(id)}>
          {texts.app.switchTo(name)}
          <Text span size="xs" c="dimmed">
            {' '}
            {texts.roles[role]}
          </Text>
        </Menu.Item>
      ))}
    </>
  );
}

import { Button, Menu } from '@mantine/core';
import { useMantineColorScheme } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { $api } from '../../api/client.ts';
import { useWhoami } from '../../session/use-session.ts';
import { type Language, languages, useLanguage, useTexts } from '../../texts/texts-provider.tsx';

const SCHEMES = ['auto', 'light', 'dark'] as const;

/** Who is signed in, where, and how things look to them. */
export function AccountMenu() {
  const texts = useTexts();
  const { language, setLanguage } = useLanguage();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { data: whoami } = useWhoami();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const signOut = $api.useMutation('delete', '/v1/session', {
    onSettled: async () => {
      queries.clear();
      await navigate({ to: '/sign-in' });
    },
  });
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <Button variant="subtle" color="gray" rightSection={<IconChevronDown size={14} aria-hidden />}>
          {whoami?.principal.name}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{whoami?.workspace?.name}</Menu.Label>
        <Menu.Item component={Link} to="/account">
          {texts.nav.account}
        </Menu.Item>
        <Menu.Item component="a" href="/docs">
          {texts.app.docs}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>{texts.scheme.label}</Menu.Label>
        {SCHEMES.map((scheme) => (
          <Menu.Item
            key={scheme}
            aria-current={scheme === colorScheme}
            onClick={() => setColorScheme(scheme)}
          >
            {texts.scheme[scheme]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Label>{texts.app.language}</Menu.Label>
        {(Object.keys(languages) as Language[]).map((one) => (
          <Menu.Item key={one} lang={one} aria-current={one === language} onClick={() => setLanguage(one)}>
            {languages[one]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={() => signOut.mutate({})}>{texts.app.signOut}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

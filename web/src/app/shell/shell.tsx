import { AppShell, Burger, Group, NavLink, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link, useRouterState } from '@tanstack/react-router';
import { isWithin } from '../../session/place-guard.tsx';
import { useMay } from '../../session/use-session.ts';
import { useTexts } from '../../texts/texts-provider.tsx';
import { AccountMenu } from './account-menu.tsx';
import { navItems } from './nav-items.ts';
import { NoticesBell } from './notices-bell.tsx';
import { ShellContent } from './shell-content.tsx';

/** Header, menu and the page between them: what every signed-in page shares. */
export function Shell() {
  const texts = useTexts();
  const may = useMay();
  const [isOpen, { toggle, close }] = useDisclosure();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 232, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
      padding={{ base: 'md', sm: 'lg' }}
    >
      <a className="skip" href="#content">
        {texts.app.skip}
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger
              opened={isOpen}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={texts.app.menu}
              aria-expanded={isOpen}
            />
            <img src="/favicon.svg" alt="" width={26} height={26} />
            <Text fw={650}>Convey</Text>
          </Group>
          <Group gap={4} wrap="nowrap" miw={0}>
            <NoticesBell />
            <AccountMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" component="nav" aria-label={texts.app.menu} className="menu" data-open={isOpen}>
        {navItems
          .filter(({ needs }) => needs.some(may))
          .map(({ to, text, icon: Icon }) => (
            <NavLink
              key={to}
              component={Link}
              to={to}
              label={texts.nav[text]}
              leftSection={<Icon size={18} stroke={1.6} aria-hidden />}
              active={isWithin(path, to)}
              onClick={close}
            />
          ))}
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        <ShellContent />
      </AppShell.Main>
    </AppShell>
  );
}

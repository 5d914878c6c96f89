import { NavLink, Text } from '@mantine/core';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { Fragment } from 'react';
import { RouteAnchor } from '../parts/route-anchor.tsx';
import { isWithin } from '../session/place-guard.tsx';
import { useTexts } from '../texts/texts-provider.tsx';
import styles from './settings-layout.module.css';
import { useSettingsPages } from './use-settings-pages.ts';

/** A page of the settings beside the list of those that the viewer may see. */
export function SettingsLayout() {
  const texts = useTexts().settings;
  const groups = useSettingsPages();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const isIndex = path.replace(/\/$/, '') === '/settings';
  if (isIndex) return <Outlet />;
  return (
    <div className={styles['layout']}>
      <nav className={styles['list']} aria-label={texts.menu}>
        {groups.map(({ group, pages }) => (
          <Fragment key={group}>
            <Text size="xs" fw={600} c="dimmed" className={styles['group']}>
              {texts.groups[group]}
            </Text>
            {pages.map(({ to, text, icon: Icon }) => (
              <NavLink
                key={to}
                component={Link}
                to={to}
                label={texts.pages[text].name}
                leftSection={<Icon size={16} stroke={1.6} aria-hidden />}
                active={isWithin(path, to)}
                aria-current={isWithin(path, to) ? 'page' : undefined}
                className={styles['link']}
              />
            ))}
          </Fragment>
        ))}
      </nav>
      <RouteAnchor to="/settings" size="sm" className={styles['back'] ?? ''}>
        ← {texts.title}
      </RouteAnchor>
      <div className={styles['page']}>
        <Outlet />
      </div>
    </div>
  );
}

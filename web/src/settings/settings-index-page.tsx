import { Card, Group, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Page } from '../parts/page.tsx';
import { useTexts } from '../texts/texts-provider.tsx';
import styles from './settings-index.module.css';
import { useSettingsPages } from './use-settings-pages.ts';

/** Every page of the settings that the viewer may see, with what it is for. */
export function SettingsIndexPage() {
  const texts = useTexts().settings;
  const groups = useSettingsPages();
  return (
    <Page title={texts.title} hint={groups.length === 0 ? texts.nothing : undefined}>
      {groups.map(({ group, pages }) => (
        <Stack key={group} gap="sm" component="section">
          <Title order={2} size="h5">
            {texts.groups[group]}
          </Title>
          <div className={styles['cards']}>
            {pages.map(({ to, text, icon: Icon }) => (
              <Card key={to} withBorder component={Link} to={to} className={styles['card']}>
                <Group wrap="nowrap" align="flex-start">
                  <ThemeIcon variant="light" size={36}>
                    <Icon size={20} stroke={1.6} aria-hidden />
                  </ThemeIcon>
                  <div>
                    <Text fw={600}>{texts.pages[text].name}</Text>
                    <Text size="sm" c="dimmed">
                      {texts.pages[text].about}
                    </Text>
                  </div>
                </Group>
              </Card>
            ))}
          </div>
        </Stack>
      ))}
    </Page>
  );
}

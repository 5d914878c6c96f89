import { Paper, Stack, Text, ThemeIcon } from '@mantine/core';
import type { IconHome } from '@tabler/icons-react';
import type { ReactNode } from 'react';

/** A place where nothing is yet: what will be here, and how it comes. */
export function Empty({
  icon: Icon,
  title,
  children,
  action,
}: {
  icon: typeof IconHome;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <Paper withBorder p="xl">
      <Stack align="center" gap="sm">
        <ThemeIcon variant="light" size={48} radius="xl">
          <Icon size={26} stroke={1.5} aria-hidden />
        </ThemeIcon>
        <Text fw={600}>{title}</Text>
        {children !== undefined && (
          <Text c="dimmed" ta="center" maw={440}>
            {children}
          </Text>
        )}
        {action}
      </Stack>
    </Paper>
  );
}

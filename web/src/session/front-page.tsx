import { Button, Center, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import { type Language, languages } from '../texts/chosen-language.ts';
import { useLanguage } from '../texts/texts-provider.tsx';

/** A page for somebody who is not signed in (yet): one thing to do, in the middle. */
export function FrontPage({
  title,
  hint,
  children,
}: {
  title: string;
  hint?: ReactNode;
  children: ReactNode;
}) {
  const { language, setLanguage } = useLanguage();
  useEffect(() => {
    document.title = `${title} · Convey`;
  }, [title]);
  return (
    <Center mih="100dvh" p="md" component="main" id="content">
      <Stack w={420} maw="100%" gap="md">
        <Group gap="xs" justify="center">
          <img src="/favicon.svg" alt="" width={28} height={28} />
          <Text fw={650} size="lg">
            Convey
          </Text>
        </Group>
        <Paper withBorder p="xl">
          <Stack>
            <div>
              <Title order={1} size="h3">
                {title}
              </Title>
              {hint !== undefined && (
                <Text c="dimmed" size="sm" mt={4}>
                  {hint}
                </Text>
              )}
            </div>
            {children}
          </Stack>
        </Paper>
        <Group gap={4} justify="center">
          {(Object.keys(languages) as Language[]).map((one) => (
            <Button
              key={one}
              lang={one}
              size="compact-sm"
              variant={one === language ? 'light' : 'subtle'}
              color="gray"
              aria-pressed={one === language}
              onClick={() => setLanguage(one)}
            >
              {languages[one]}
            </Button>
          ))}
        </Group>
      </Stack>
    </Center>
  );
}

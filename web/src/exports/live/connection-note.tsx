import { Alert, Text } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { useLanguage, useTexts } from '../../texts/texts-provider.tsx';

/** Says that the server is away, since when, and what that means for the page; nothing while it is there. */
export function ConnectionNote({ since }: { since: number | undefined }) {
  const texts = useTexts().exports.away;
  const { locale } = useLanguage();
  if (since === undefined) return null;
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'medium' }).format(since);
  return (
    <Alert color="yellow" role="status" icon={<IconPlugConnectedX aria-hidden />} title={texts.title(time)}>
      <Text size="sm">{texts.hint}</Text>
    </Alert>
  );
}

import { Text } from '@mantine/core';
import type { Schema } from '../api/client.ts';
import { useLanguage, useTexts } from '../texts/texts-provider.tsx';

/** What an export waits for that has not begun, by what the queue says of it. */
export function WaitsFor({ progress }: { progress: Schema<'Export'>['progress'] }) {
  const texts = useTexts().exports.progress;
  const { locale } = useLanguage();
  const { position, running = 0, not_before: notBefore, stage } = progress;
  const words = [
    ...(notBefore === undefined
      ? []
      : [texts.again(new Intl.DateTimeFormat(locale, { timeStyle: 'medium' }).format(new Date(notBefore)))]),
    ...(notBefore !== undefined || position === undefined ? [] : [texts.waitsFor(running)]),
    ...(position === undefined ? [] : [texts.position(position)]),
  ];
  return (
    <Text size="sm" c="dimmed">
      {words.length === 0 ? (texts.stages[stage] ?? texts.stages['waiting']) : words.join(' ')}
    </Text>
  );
}

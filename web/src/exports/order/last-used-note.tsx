import { Alert, Button, List, Stack } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useTexts } from '../../texts/texts-provider.tsx';
import { choicesOf, type KindOptions, type OrderSettings } from './export-order.ts';
import type { KeptChoice } from './from-last-time.ts';

/** Names what the dialog has from the last time that is not the usual, with the way back to it. */
export function LastUsedNote({
  choices,
  kind,
  settings,
  onUsual,
}: {
  choices: readonly KeptChoice[];
  kind: KindOptions;
  settings: OrderSettings;
  onUsual: () => void;
}) {
  const { order, exports } = useTexts();
  const { lastUsed } = order;
  if (choices.length === 0) return null;
  const { format, fields } = choicesOf(kind, settings);
  const words: Record<KeptChoice, string> = {
    format: lastUsed.parts.format(exports.formats[format]),
    mode: lastUsed.parts.mode(order.modes[settings.mode]),
    profile: lastUsed.parts.profile(order.profiles[settings.profile][0]),
    fields: lastUsed.parts.fields(fields.map((field) => order.fieldNames[field]).join(', ')),
    for: lastUsed.parts.for(order.forms[settings.for][0]),
    files: lastUsed.parts.files,
    anonymize: lastUsed.parts.anonymize,
    keepDays: lastUsed.parts.keepDays(settings.keepDays ?? 0),
    tellsMe: lastUsed.parts.tellsMe,
  };
  return (
    <Alert color="blue" role="note" icon={<IconHistory aria-hidden />} title={lastUsed.title}>
      <Stack gap="xs" align="flex-start">
        <List size="sm">
          {choices.map((choice) => (
            <List.Item key={choice}>{words[choice]}</List.Item>
          ))}
        </List>
        <Button size="compact-sm" variant="default" onClick={onUsual}>
          {lastUsed.usual}
        </Button>
      </Stack>
    </Alert>
  );
}

import { Alert, Anchor, Checkbox, NumberInput, Stack, TagsInput, Text } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { useId } from 'react';
import { useTexts } from '../../texts/texts-provider.tsx';
import type { ExportOptions, KindOptions, OrderSettings } from './export-order.ts';
import { GROUP_LABEL } from './group-label.ts';
import type { PartErrors } from './part-errors.ts';

const ABOUT_ANONYMIZING = '/docs/anonymized-exports.md';

/** Files, anonymising, how long it is kept, and who is told. */
export function MoreChoices({
  kind,
  keepDays,
  settings,
  hasAddress,
  change,
  errorOf,
}: {
  kind: KindOptions;
  keepDays: ExportOptions['keep_days'];
  settings: OrderSettings;
  /** Whether the viewer’s address is known. */
  hasAddress: boolean;
  change: (part: Partial<OrderSettings>) => void;
  errorOf: PartErrors;
}) {
  const texts = useTexts().order;
  const id = useId();
  const isMasked = kind.can_anonymize && settings.anonymize;
  return (
    <div role="group" aria-labelledby={id}>
      <Text size="sm" {...GROUP_LABEL} id={id}>
        {texts.more}
      </Text>
      <Stack gap="sm">
        {kind.can_hold_files && (
          <Checkbox
            label={texts.files}
            description={isMasked ? texts.filesMasked : texts.filesHint}
            checked={settings.files && !isMasked}
            disabled={isMasked}
            onChange={(event) => change({ files: event.currentTarget.checked })}
            error={errorOf('files')}
          />
        )}
        {kind.can_anonymize && (
          <Checkbox
            label={texts.anonymize}
            description={texts.anonymizeHint}
            checked={settings.anonymize}
            onChange={(event) => change({ anonymize: event.currentTarget.checked })}
            error={errorOf('anonymize')}
          />
        )}
        {isMasked && (
          <Alert
            color="yellow"
            icon={<IconInfoCircle aria-hidden />}
            title={texts.anonymizeWarning.title}
            role="note"
          >
            <Text size="sm">
              {texts.anonymizeWarning.text}{' '}
              <Anchor href={ABOUT_ANONYMIZING} target="_blank" inherit>
                {texts.anonymizeWarning.more}
              </Anchor>
            </Text>
          </Alert>
        )}
        {hasAddress && (
          <Checkbox
            label={texts.tellsMe}
            checked={settings.tellsMe}
            onChange={(event) => change({ tellsMe: event.currentTarget.checked })}
          />
        )}
        <TagsInput
          label={texts.tells}
          description={texts.tellsHint}
          value={[...settings.tells]}
          onChange={(tells) => change({ tells })}
          splitChars={[',', ' ', ';']}
          error={errorOf('notify')}
        />
        <NumberInput
          label={texts.keepDays}
          description={texts.keepDaysHint(keepDays.usual, keepDays.most)}
          value={settings.keepDays ?? ''}
          onChange={(days) => change({ keepDays: typeof days === 'number' ? days : null })}
          min={1}
          max={keepDays.most}
          allowDecimal={false}
          allowNegative={false}
          error={errorOf('keep_days')}
          maw={320}
        />
      </Stack>
    </div>
  );
}

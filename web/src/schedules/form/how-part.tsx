import { Radio, Stack } from '@mantine/core';
import { useTexts } from '../../texts/texts-provider.tsx';
import type { PartProps } from './schedule-form.tsx';

/** What each run holds, and what happens to runs that meet or were missed. */
export function HowPart({ draft, change, errorOf }: PartProps) {
  const texts = useTexts().schedules;
  const { form } = texts;
  return (
    <Stack gap="lg">
      <Radio.Group
        label={form.contents}
        value={draft.incremental ? 'incremental' : 'full'}
        onChange={(chosen) => change({ incremental: chosen === 'incremental' })}
        error={errorOf('incremental')}
      >
        <Stack gap="xs" mt="xs">
          {(['full', 'incremental'] as const).map((one) => (
            <Radio key={one} value={one} label={texts[one]} description={form.contentsHint[one]} />
          ))}
        </Stack>
      </Radio.Group>
      <Choice
        label={form.overlap}
        words={form.overlaps}
        value={draft.overlap}
        onChange={(overlap) => change({ overlap })}
        error={errorOf('overlap')}
      />
      <Choice
        label={form.catchUp}
        words={form.catchUps}
        value={draft.catch_up}
        onChange={(chosen) => change({ catch_up: chosen })}
        error={errorOf('catch_up')}
      />
    </Stack>
  );
}

function Choice<Value extends string>({
  label,
  words,
  value,
  onChange,
  error,
}: {
  label: string;
  words: Readonly<Record<Value, string>>;
  value: Value;
  onChange: (value: Value) => void;
  error: string | undefined;
}) {
  return (
    <Radio.Group label={label} value={value} onChange={(chosen) => onChange(chosen as Value)} error={error}>
      <Stack gap="xs" mt="xs">
        {(Object.keys(words) as Value[]).map((one) => (
          <Radio key={one} value={one} label={words[one]} />
        ))}
      </Stack>
    </Radio.Group>
  );
}

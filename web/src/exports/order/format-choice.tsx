import { Group, Radio, Stack } from '@mantine/core';
import { useTexts } from '../../texts/texts-provider.tsx';
import type { choicesOf, ContactForm, KindOptions, OrderFormat, OrderSettings } from './export-order.ts';
import styles from './order-form.module.css';
import { GROUP_LABEL } from './group-label.ts';
import type { PartErrors } from './part-errors.ts';

/** In which format, and what that asks: what a row is, for whom the CSV is written, for whom the file is. */
export function FormatChoice({
  kind,
  choices,
  settings,
  hasForm,
  change,
  errorOf,
}: {
  kind: KindOptions;
  choices: ReturnType<typeof choicesOf>;
  settings: OrderSettings;
  /** Whether one chooses for whom a person’s data is. */
  hasForm: boolean;
  change: (part: Partial<OrderSettings>) => void;
  errorOf: PartErrors;
}) {
  const texts = useTexts();
  const { order } = texts;
  return (
    <Stack gap="lg">
      {hasForm && (
        <Choice
          label={order.form}
          values={Object.keys(order.forms) as ContactForm[]}
          value={settings.for}
          words={order.forms}
          onChange={(chosen) => change({ for: chosen })}
          error={errorOf('for')}
        />
      )}
      <Radio.Group
        label={order.format}
        labelProps={GROUP_LABEL}
        value={choices.format}
        onChange={(format) => change({ format: format as OrderFormat })}
        error={errorOf('format')}
      >
        <div className={styles['choices']}>
          {kind.formats.map(({ format }) => (
            <Radio
              key={format}
              value={format}
              label={texts.exports.formats[format]}
              description={order.formatHints[format]}
            />
          ))}
        </div>
      </Radio.Group>
      {choices.modes.length > 1 && (
        <Radio.Group
          label={order.mode}
          labelProps={GROUP_LABEL}
          value={choices.mode}
          onChange={(mode) => change({ mode: mode as OrderSettings['mode'] })}
          error={errorOf('mode')}
        >
          <Group>
            {choices.modes.map((mode) => (
              <Radio key={mode} value={mode} label={order.modes[mode]} />
            ))}
          </Group>
        </Radio.Group>
      )}
      {choices.profiles.length > 1 && (
        <Choice
          label={order.profile}
          values={choices.profiles}
          value={settings.profile}
          words={order.profiles}
          onChange={(profile) => change({ profile })}
          error={errorOf('profile')}
        />
      )}
    </Stack>
  );
}

function Choice<Value extends string>({
  label,
  values,
  value,
  words,
  onChange,
  error,
}: {
  label: string;
  values: readonly Value[];
  value: Value;
  words: Readonly<Record<Value, readonly string[]>>;
  onChange: (value: Value) => void;
  error: string | undefined;
}) {
  return (
    <Radio.Group
      label={label}
      labelProps={GROUP_LABEL}
      value={value}
      onChange={(chosen) => onChange(chosen as Value)}
      error={error}
    >
      <div className={styles['choices']}>
        {values.map((one) => (
          <Radio key={one} value={one} label={words[one][0]} description={words[one][1]} />
        ))}
      </div>
    </Radio.Group>
  );
}

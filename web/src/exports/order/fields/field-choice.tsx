import { Button, Checkbox, Group, Stack } from '@mantine/core';
import { useTexts } from '../../../texts/texts-provider.tsx';
import type { choicesOf, ExportOptions, OrderField } from '../export-order.ts';
import { FieldSets } from './field-sets.tsx';
import { GROUP_LABEL } from '../group-label.ts';
import { isSameChoice } from './is-same-choice.ts';
import styles from '../order-form.module.css';

/** What of each conversation: the usual fields, others that one opts for, and choices that were saved. */
export function FieldChoice({
  options,
  choices,
  isUsual,
  onChange,
  error,
}: {
  options: ExportOptions['fields'];
  choices: ReturnType<typeof choicesOf>;
  /** Nothing else was chosen. */
  isUsual: boolean;
  /** @param fields null: the usual ones again */
  onChange: (fields: readonly OrderField[] | null) => void;
  error: string | undefined;
}) {
  const texts = useTexts().order;
  const { fields, defaultFields, neededFields } = choices;
  const choose = (chosen: readonly OrderField[]) => {
    const inOrder = options.map(({ field }) => field).filter((field) => chosen.includes(field));
    onChange(isSameChoice(chosen, defaultFields) ? null : inOrder);
  };
  return (
    <Stack gap="sm">
      <Checkbox.Group
        label={texts.fields}
        labelProps={GROUP_LABEL}
        value={fields}
        onChange={(chosen) => choose(chosen as OrderField[])}
        error={error}
      >
        <div className={styles['choices']}>
          {options.map(({ field, doc, allowed }) => {
            const isNeeded = neededFields.includes(field);
            return (
              <Checkbox
                key={field}
                value={field}
                label={texts.fieldNames[field]}
                // The server's own words.
                description={
                  isNeeded ? (
                    texts.fieldNeeded
                  ) : allowed ? (
                    <span className={styles['doc']}>{doc}</span>
                  ) : (
                    texts.fieldNotAllowed
                  )
                }
                disabled={isNeeded || !allowed}
              />
            );
          })}
        </div>
      </Checkbox.Group>
      <Group align="flex-start" justify="space-between">
        <FieldSets fields={fields} onChoose={choose} />
        {!isUsual && (
          <Button variant="subtle" size="compact-sm" onClick={() => onChange(null)}>
            {texts.usualFields}
          </Button>
        )}
      </Group>
    </Stack>
  );
}

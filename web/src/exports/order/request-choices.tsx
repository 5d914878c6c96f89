import { choicesOf, type ExportOptions, type KindOptions, type OrderSettings } from './export-order.ts';
import { FieldChoice } from './fields/field-choice.tsx';
import { FormatChoice } from './format-choice.tsx';
import { MoreChoices } from './more-choices.tsx';
import type { PartErrors } from './part-errors.ts';

/** How something is exported, ordered once or again and again: the format, the fields, and what else there is. */
export function RequestChoices({
  kind,
  options,
  settings,
  hasForm,
  hasAddress,
  change,
  errorOf,
}: {
  kind: KindOptions;
  options: ExportOptions;
  settings: OrderSettings;
  /** Whether one chooses for whom a person’s data is. */
  hasForm: boolean;
  /** Whether the viewer’s address is known. */
  hasAddress: boolean;
  change: (part: Partial<OrderSettings>) => void;
  errorOf: PartErrors;
}) {
  const choices = choicesOf(kind, settings);
  return (
    <>
      <FormatChoice
        kind={kind}
        choices={choices}
        settings={settings}
        hasForm={hasForm}
        change={change}
        errorOf={errorOf}
      />
      {choices.hasFields && (
        <FieldChoice
          options={options.fields}
          choices={choices}
          isUsual={settings.fields === null}
          onChange={(fields) => change({ fields })}
          error={errorOf('fields')}
        />
      )}
      <MoreChoices
        kind={kind}
        keepDays={options.keep_days}
        settings={settings}
        hasAddress={hasAddress}
        change={change}
        errorOf={errorOf}
      />
    </>
  );
}

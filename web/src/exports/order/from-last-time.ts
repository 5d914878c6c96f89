import { isSameChoice } from './fields/is-same-choice.ts';
import { choicesOf, type KindOptions, type OrderSettings, usualSettings } from './export-order.ts';

/** A choice that is kept for the next time. */
export type KeptChoice = Exclude<keyof OrderSettings, 'tells'>;

/**
 * What the dialog has from the last time that is not the usual, and matters for what is chosen now: whoever does not
 * look at every choice gets something else than they think.
 * @param begun how the dialog began: a choice that was changed since is no surprise
 */
export function fromLastTime(
  kind: KindOptions,
  begun: OrderSettings,
  settings: OrderSettings,
  hasForm: boolean,
): KeptChoice[] {
  const usual = usualSettings(kind);
  const { format, modes, profiles, hasFields, fields } = choicesOf(kind, settings);
  const { fields: usualFields } = choicesOf(kind, { ...settings, fields: null });
  const before = choicesOf(kind, begun);
  const isMasked = kind.can_anonymize && settings.anonymize;
  const isUnusual: Record<KeptChoice, boolean> = {
    format: format !== usual.format && format === before.format,
    mode: modes.length > 1 && settings.mode !== usual.mode && settings.mode === begun.mode,
    profile: profiles.length > 1 && settings.profile !== usual.profile && settings.profile === begun.profile,
    fields: hasFields && !isSameChoice(fields, usualFields) && isSameChoice(fields, before.fields),
    for: hasForm && settings.for !== usual.for && settings.for === begun.for,
    files: kind.can_hold_files && settings.files && begun.files && !isMasked,
    anonymize: isMasked && begun.anonymize,
    keepDays: settings.keepDays !== null && settings.keepDays === begun.keepDays,
    tellsMe: settings.tellsMe && begun.tellsMe,
  };
  return (Object.keys(isUnusual) as KeptChoice[]).filter((choice) => isUnusual[choice]);
}

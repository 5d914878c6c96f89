import { Select, Stack, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { FilterBar } from '../../conversations/filter/filter-bar.tsx';
import type { ExportOptions, Order, OrderSettings } from '../../exports/order/export-order.ts';
import { RequestChoices } from '../../exports/order/request-choices.tsx';
import { useTexts } from '../../texts/texts-provider.tsx';
import { isPlain, requestFrom, type ScheduledKind, settingsOf } from './order-settings.ts';
import { WhatWords } from '../schedule-words.tsx';

/**
 * The order of a schedule: what it is now, and the part of the form that changes it. One that the form cannot say
 * stays as it is.
 */
export function useRequestPart(
  first: Order,
  options: ExportOptions,
  errorOf: (part: string) => string | undefined,
): { order: Order; part: ReactNode } {
  const { schedules: texts, exports } = useTexts();
  const optionsOf = (kind: Order['kind']) => options.kinds.find((one) => one.kind === kind)!;
  const plain = isPlain(first) ? first : undefined;
  const [kind, setKind] = useState<ScheduledKind>(plain?.kind ?? 'conversations');
  const [filter, setFilter] = useState<NonNullable<Order['filter']>>(plain?.filter ?? {});
  const [settings, setSettings] = useState<OrderSettings>(() =>
    settingsOf(plain ?? { kind }, optionsOf(kind)),
  );
  if (plain === undefined)
    return {
      order: first,
      part: (
        <Text size="sm">
          {texts.form.keepsRequest} <WhatWords request={first} />
        </Text>
      ),
    };
  const change = (part: Partial<OrderSettings>) => setSettings((before) => ({ ...before, ...part }));
  const chooseKind = (next: ScheduledKind) => {
    setKind(next);
    // Formats and fields of one kind mean nothing in another.
    setSettings(settingsOf({ kind: next }, optionsOf(next)));
  };
  const kinds = options.kinds
    .filter(({ kind: one, allowed }) => (allowed || one === kind) && isPlain({ kind: one }))
    .map(({ kind: one }) => ({ value: one, label: exports.kinds[one] }));
  const part = (
    <Stack gap="lg">
      <Select
        label={texts.form.kind}
        data={kinds}
        value={kind}
        onChange={(next) => next !== null && chooseKind(next as ScheduledKind)}
        allowDeselect={false}
        error={errorOf('kind')}
        maw={320}
      />
      {kind === 'conversations' && (
        <Stack
          gap="xs"
          role="group"
          aria-label={texts.form.filter}
          onKeyDown={(event) => {
            // Looking for something is no reason to save the schedule.
            if (event.key === 'Enter' && event.target instanceof HTMLInputElement) event.preventDefault();
          }}
        >
          <Text size="sm" fw={500}>
            {texts.form.filter}
          </Text>
          <FilterBar filter={filter} onChange={setFilter} />
          {errorOf('filter') !== undefined && (
            <Text size="sm" c="error" role="alert">
              {errorOf('filter')}
            </Text>
          )}
        </Stack>
      )}
      <RequestChoices
        kind={optionsOf(kind)}
        options={options}
        settings={settings}
        hasForm={false}
        hasAddress={false}
        change={change}
        errorOf={errorOf}
      />
    </Stack>
  );
  return { order: requestFrom(kind, filter, settings, optionsOf(kind)), part };
}

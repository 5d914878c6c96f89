import { Stack } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { Schema } from '../../api/client.ts';
import { DialogButtons } from '../../parts/dialogs/dialog-buttons.tsx';
import { FailureNote } from '../../parts/failure-note.tsx';
import { useMay } from '../../session/use-session.ts';
import { useTexts } from '../../texts/texts-provider.tsx';
import {
  choicesOf,
  type ExportOptions,
  type KindOptions,
  orderOf,
  type OrderSettings,
  usualSettings,
  type WantedExport,
} from './export-order.ts';
import { fromLastTime } from './from-last-time.ts';
import { keepLastSettings, readLastSettings } from './last-settings.ts';
import { LastUsedNote } from './last-used-note.tsx';
import { OrderCommands } from './order-commands.tsx';
import styles from './order-form.module.css';
import { OrderPreview } from './preview/order-preview.tsx';
import { OrderScope } from './order-scope.tsx';
import { areOfParts, partErrorsOf } from './part-errors.ts';
import { RequestChoices } from './request-choices.tsx';
import { usePlaceOrder } from './use-place-order.tsx';
import { usePreview } from './preview/use-preview.ts';

/** Parts of an order that have a field of their own here, which says what the server says of them. */
const PARTS = ['for', 'format', 'mode', 'profile', 'fields', 'files', 'anonymize', 'notify', 'keep_days'];

/** Every choice of an order beside what it gives; ordering it closes the dialog. */
export function OrderChoices({
  wanted,
  options,
  kind,
  workspace,
  email,
  onClose,
}: {
  wanted: WantedExport;
  options: ExportOptions;
  kind: KindOptions;
  workspace: NonNullable<Schema<'Whoami'>['workspace']>;
  /** The viewer’s address. */
  email: string | undefined;
  onClose: () => void;
}) {
  const texts = useTexts();
  const may = useMay();
  const [begun] = useState<OrderSettings>(() => begin(wanted, options, kind, workspace.id));
  const [settings, setSettings] = useState(begun);
  const change = (part: Partial<OrderSettings>) => setSettings((before) => ({ ...before, ...part }));
  const mayHaveRecord = may('export.contact_record');
  const choices = choicesOf(kind, settings);
  const order = orderOf(wanted, settings, kind, { mayHaveRecord, email });
  const hasForm = wanted.kind === 'contact' && mayHaveRecord;
  // Whoever opened the dialog with settings of their own knows what they asked for.
  const kept = wanted.settings === undefined ? fromLastTime(kind, begun, settings, hasForm) : [];
  const preview = usePreview(order);
  const placing = usePlaceOrder(wanted.rerunOf, () => {
    keepLastSettings(workspace.id, wanted.kind, settings);
    onClose();
  });
  const errorOf = partErrorsOf(placing.error ?? preview.query.error);
  const form = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (placing.error === null) return;
    const field = form.current?.querySelector<HTMLElement>('[aria-invalid="true"]');
    field?.focus({ preventScroll: true });
    // Not at the lower edge, where the buttons stand before it.
    field?.scrollIntoView({ block: 'center' });
  }, [placing.error]);
  return (
    <div className={styles['columns']} ref={form}>
      <Stack gap="lg">
        <OrderScope wanted={wanted} />
        <RequestChoices
          kind={kind}
          options={options}
          settings={settings}
          hasForm={hasForm}
          hasAddress={email !== undefined}
          change={change}
          errorOf={errorOf}
        />
      </Stack>
      <Stack gap="md" className={styles['aside']}>
        <LastUsedNote
          choices={kept}
          kind={kind}
          settings={settings}
          onUsual={() => setSettings(usualSettings(kind))}
        />
        <OrderPreview preview={preview} />
      </Stack>
      <div className={styles['script']}>
        <OrderCommands
          order={order}
          workspace={workspace.slug}
          fields={choices.hasFields ? choices.fields : undefined}
          rerunOf={wanted.rerunOf}
        />
      </div>
      <Stack gap="sm" className={styles['footer']}>
        {placing.error !== null && (
          <FailureNote error={placing.error} isToldAtFields={areOfParts(placing.error, PARTS)} />
        )}
        <DialogButtons
          action={texts.order.submit}
          isPending={placing.isPending}
          onClick={() => placing.place(order)}
          onClose={onClose}
        />
      </Stack>
    </div>
  );
}

/** As it was left the last time, or as whoever opened the dialog wants it; never with fields that one may not have. */
function begin(
  wanted: WantedExport,
  { fields: known }: ExportOptions,
  kind: KindOptions,
  workspaceId: string,
): OrderSettings {
  const given = wanted.settings ?? readLastSettings(workspaceId, wanted.kind);
  const settings = { ...usualSettings(kind), ...given };
  const allowed = new Set<string>(known.flatMap(({ field, allowed }) => (allowed ? [field] : [])));
  return { ...settings, fields: settings.fields?.filter((field) => allowed.has(field)) ?? null };
}

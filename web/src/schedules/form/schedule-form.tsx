import { Button, Group, Paper, Stack, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { $api } from '../../api/client.ts';
import { RefusedError } from '../../api/problem.ts';
import type { ExportOptions } from '../../exports/order/export-order.ts';
import { FailureNote } from '../../parts/failure-note.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { useTexts } from '../../texts/texts-provider.tsx';
import { HowPart } from './how-part.tsx';
import { NameField } from './name-field.tsx';
import type { ScheduleDraft } from './schedule-body.ts';
import styles from '../schedules.module.css';
import { useRequestPart } from './use-request-part.tsx';
import { WhenPart } from './when-part.tsx';
import { WherePart } from './where-part.tsx';

interface FormProps {
  draft: ScheduleDraft;
  /** The verb on the button. */
  action: string;
  isPending: boolean;
  error: unknown;
  onSubmit: (body: ScheduleDraft) => void;
}

/** What the server says of one part, by its name; parts of the order are `request/…`. */
type ErrorOf = (part: string) => string | undefined;

/** What each part of the form is given. */
export interface PartProps {
  draft: ScheduleDraft;
  change: (part: Partial<ScheduleDraft>) => void;
  errorOf: ErrorOf;
}

/** Everything about a schedule, as soon as it is known what there is to export. */
export function ScheduleForm(props: FormProps) {
  const options = $api.useQuery('get', '/v1/exports/options', {}, { staleTime: 60_000 });
  return <Loaded query={options}>{(known) => <KnownForm {...props} options={known} />}</Loaded>;
}

function KnownForm({
  draft: first,
  action,
  isPending,
  error,
  onSubmit,
  options,
}: FormProps & { options: ExportOptions }) {
  const { schedules: texts, app } = useTexts();
  const [draft, setDraft] = useState(first);
  const change = (part: Partial<ScheduleDraft>) => setDraft((before) => ({ ...before, ...part }));
  const errorOf = errorsOf(error);
  const request = useRequestPart(draft.request, options, (part) => errorOf(`request/${part}`));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // Forms of popovers come by here as well.
    if (event.target === event.currentTarget) onSubmit({ ...draft, request: request.order });
  };
  return (
    <form onSubmit={submit} className={styles['form']}>
      <Stack gap="lg">
        <NameField value={draft.name} onChange={(name) => change({ name })} error={errorOf('name')} />
        <Part title={texts.what}>{request.part}</Part>
        <Part title={texts.when}>
          <WhenPart draft={draft} change={change} errorOf={errorOf} />
        </Part>
        <Part title={texts.how}>
          <HowPart draft={draft} change={change} errorOf={errorOf} />
        </Part>
        <Part title={texts.where}>
          <WherePart draft={draft} change={change} errorOf={errorOf} />
        </Part>
        {error !== null && error !== undefined && <FailureNote error={error} />}
        <Group justify="flex-end">
          <Button component={Link} to="/schedules" variant="default">
            {app.cancel}
          </Button>
          <Button type="submit" loading={isPending}>
            {action}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Part({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <Paper withBorder p="md" component="section" aria-label={title}>
      <Title order={2} size="h5" mb="sm">
        {title}
      </Title>
      {children}
    </Paper>
  );
}

/** What goes wrong in the order is told with or without the step into it. */
function errorsOf(error: unknown): ErrorOf {
  const problems = error instanceof RefusedError ? (error.problem?.errors ?? []) : [];
  return (part) => {
    const pointers = [`/${part}`, `/${part.replace(/^request\//, '')}`];
    const said = problems.filter(({ pointer }) =>
      pointers.some((one) => pointer === one || pointer.startsWith(`${one}/`)),
    );
    return said.length === 0 ? undefined : [...new Set(said.map(({ detail }) => detail))].join('; ');
  };
}

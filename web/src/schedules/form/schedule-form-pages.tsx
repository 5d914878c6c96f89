import { useNavigate, useParams } from '@tanstack/react-router';
import { useQueryClient } from '@tanstack/react-query';
import { $api } from '../../api/client.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Page } from '../../parts/page.tsx';
import { useTexts } from '../../texts/texts-provider.tsx';
import { newDraft } from './schedule-body.ts';
import { ScheduleForm } from './schedule-form.tsx';
import { requestOf } from '../schedule-words.tsx';

/** Makes a schedule. */
export function NewSchedulePage() {
  const texts = useTexts().schedules.form;
  const saved = useSaved();
  const create = $api.useMutation('post', '/v1/schedules', { onSuccess: ({ id }) => saved(id) });
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <Page title={texts.newTitle}>
      <ScheduleForm
        draft={newDraft(zone)}
        action={texts.create}
        isPending={create.isPending}
        error={create.error}
        onSubmit={(body) => create.mutate({ body })}
      />
    </Page>
  );
}

/** Changes a schedule. */
export function EditSchedulePage() {
  const { id } = useParams({ from: '/signed-in/schedules/$id/edit' });
  const { schedules: texts, nav } = useTexts();
  const path = { id };
  const query = $api.useQuery('get', '/v1/schedules/{id}', { params: { path } }, { staleTime: Infinity });
  const saved = useSaved();
  const change = $api.useMutation('patch', '/v1/schedules/{id}', { onSuccess: () => saved(id) });
  const schedule = query.data;
  return (
    <Page title={schedule === undefined ? nav.schedules : texts.form.editTitle(schedule.name)}>
      <Loaded query={query}>
        {(before) => {
          const { name, cron, time_zone, incremental, overlap, catch_up, destination, notify } = before;
          return (
            <ScheduleForm
              draft={{
                name,
                cron,
                time_zone,
                incremental,
                overlap,
                catch_up,
                destination,
                notify,
                request: requestOf(before),
              }}
              action={texts.form.save}
              isPending={change.isPending}
              error={change.error}
              onSubmit={(body) => change.mutate({ params: { path }, body })}
            />
          );
        }}
      </Loaded>
    </Page>
  );
}

/** Goes to the schedule that was saved, and has everything about schedules read again. */
function useSaved(): (id: string) => Promise<void> {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return async (id) => {
    await queries.invalidateQueries({
      predicate: ({ queryKey: [, path] }) => typeof path === 'string' && path.startsWith('/v1/schedules'),
    });
    await navigate({ to: '/schedules/$id', params: { id } });
  };
}

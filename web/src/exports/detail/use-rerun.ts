import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { createElement } from 'react';
import { $api } from '../../api/client.ts';
import { FailureNote } from '../../parts/failure-note.tsx';
import { useTexts } from '../../texts/texts-provider.tsx';
import { readAgain } from '../live/told-export.ts';

/** Has an export made once more, as it was, and goes to the new one; a refusal is told at the edge of the screen. */
export function useRerun(id: string): { start: () => void; isPending: boolean } {
  const texts = useTexts().exportPage;
  const queries = useQueryClient();
  const navigate = useNavigate();
  const rerun = $api.useMutation('post', '/v1/exports/{id}/rerun', {
    onSuccess: async ({ job_id: made }) => {
      readAgain(queries);
      notifications.show({ message: texts.again.done });
      await navigate({ to: '/exports/$id', params: { id: made } });
    },
    onError: (error) =>
      notifications.show({
        title: texts.again.action,
        message: createElement(FailureNote, { error }),
        autoClose: false,
        color: 'red',
      }),
  });
  return {
    start: () => rerun.mutate({ params: { path: { id } }, body: {} }),
    isPending: rerun.isPending,
  };
}

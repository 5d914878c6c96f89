import { Anchor } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useRef } from 'react';
import { $api, type Schema } from '../../api/client.ts';
import { useTexts } from '../../texts/texts-provider.tsx';
import { changesOf, type Order } from './export-order.ts';

const TOLD_FOR_MS = 12_000;

/**
 * Orders an export, or an old one once more; tells where it is now.
 * @param onPlaced when the server has taken it
 */
export function usePlaceOrder(rerunOf: string | undefined, onPlaced: () => void) {
  const texts = useTexts().order;
  const queries = useQueryClient();
  const navigate = useNavigate();
  const onSuccess = ({ job_id: id }: Schema<'Export'>) => {
    const href = `/exports/${id}`;
    const note = notifications.show({
      title: texts.ordered,
      message: (
        <>
          {texts.orderedHint}{' '}
          <Anchor
            href={href}
            inherit
            onClick={(event) => {
              // Notices stand outside of the router.
              event.preventDefault();
              notifications.hide(note);
              void navigate({ href });
            }}
          >
            {texts.look}
          </Anchor>
        </>
      ),
      color: 'teal',
      autoClose: TOLD_FOR_MS,
    });
    void queries.invalidateQueries({ queryKey: ['get', '/v1/exports'] });
    onPlaced();
  };
  // At once: of a double click the second comes before anything was drawn anew.
  const isPlacing = useRef(false);
  const options = {
    onSuccess,
    onSettled: () => {
      isPlacing.current = false;
    },
  };
  const create = $api.useMutation('post', '/v1/exports', options);
  const rerun = $api.useMutation('post', '/v1/exports/{id}/rerun', options);
  return {
    place: (order: Order) => {
      if (isPlacing.current) return;
      isPlacing.current = true;
      if (rerunOf === undefined) create.mutate({ body: order });
      else rerun.mutate({ params: { path: { id: rerunOf } }, body: changesOf(order) });
    },
    isPending: create.isPending || rerun.isPending,
    error: create.error ?? rerun.error,
  };
}

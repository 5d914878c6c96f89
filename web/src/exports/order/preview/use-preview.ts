import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData } from '@tanstack/react-query';
import { $api } from '../../../api/client.ts';
import type { Order } from '../export-order.ts';

const WAIT_MS = 400;

/** What an order would give, asked again when it has stayed the same for a moment. */
export function usePreview({ notify: _notify, keep_days: _keepDays, ...order }: Order) {
  const wanted = JSON.stringify(order);
  const [asked] = useDebouncedValue(wanted, WAIT_MS);
  const query = $api.useQuery(
    'post',
    '/v1/exports/preview',
    { body: JSON.parse(asked) as Order },
    // Counting costs something, and what stood here is better than nothing while it goes on.
    { placeholderData: keepPreviousData, staleTime: 60_000, retry: false, refetchOnWindowFocus: false },
  );
  return { query, isCounting: wanted !== asked || query.isFetching };
}

export type OrderPreviewed = ReturnType<typeof usePreview>;

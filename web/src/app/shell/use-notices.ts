import { $api } from '../../api/client.ts';
import { cursorPages } from '../../parts/cursor-pages.ts';

/** How often it is looked whether there is something new. */
const EVERY_MS = 20_000;

/** What the viewer was told, the newest first, page by page. */
export const useNotices = () =>
  $api.useInfiniteQuery(
    'get',
    '/v1/notices',
    { params: { query: { limit: 20 } } },
    { ...cursorPages, refetchInterval: EVERY_MS, retry: false },
  );

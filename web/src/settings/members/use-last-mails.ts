import { $api } from '../../api/client.ts';
import { useMay } from '../../session/use-session.ts';

/** The newest mails of the workspace, and whether mails leave this server at all; nothing for who may not see them. */
export function useLastMails() {
  const may = useMay();
  const page = { params: { query: { limit: 10 } } };
  return $api.useQuery('get', '/v1/mails', page, { staleTime: 0, enabled: may('mails.read') });
}

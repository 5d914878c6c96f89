import { $api } from '../../api/client.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { useMay, useWhoami } from '../../session/use-session.ts';
import { NotAllowed } from '../../session/who-may.tsx';
import { useTexts } from '../../texts/texts-provider.tsx';
import type { WantedExport } from './export-order.ts';
import { OrderChoices } from './order-choices.tsx';

/** The dialog's inside, as soon as it is known what there is to choose, for whom. */
export function OrderForm({ wanted, onClose }: { wanted: WantedExport; onClose: () => void }) {
  const may = useMay();
  const { notAllowed } = useTexts().order;
  const { data: whoami } = useWhoami();
  const session = $api.useQuery('get', '/v1/session', {});
  const options = $api.useQuery('get', '/v1/exports/options', {}, { staleTime: 60_000 });
  return (
    <Loaded query={options}>
      {(data) => {
        const kind = data.kinds.find((one) => one.kind === wanted.kind)!;
        if (!kind.allowed) return <NotAllowed title={notAllowed} anyOf={[kind.permission]} />;
        if (!may('export.order')) return <NotAllowed title={notAllowed} anyOf={['export.order']} />;
        return (
          <OrderChoices
            wanted={wanted}
            options={data}
            kind={kind}
            workspace={whoami!.workspace!}
            email={session.data?.user.email}
            onClose={onClose}
          />
        );
      }}
    </Loaded>
  );
}

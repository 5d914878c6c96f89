import { Alert } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { $api } from '../../api/client.ts';
import { useTexts } from '../../texts/texts-provider.tsx';

/** Why the other provider signed nobody in. The server sends the browser here with the code alone; what it means is asked of it. */
export function ProviderFailure({ code }: { code: string }) {
  const texts = useTexts();
  const { data } = $api.useQuery('get', '/problems/{code}', { params: { path: { code } } }, { retry: false });
  const kind = typeof data === 'object' ? data : undefined;
  return (
    <Alert
      color="red"
      role="alert"
      icon={<IconAlertTriangle aria-hidden />}
      title={texts.session.signIn.failed}
    >
      {kind?.title ?? `${texts.state.code} ${code}`}
    </Alert>
  );
}

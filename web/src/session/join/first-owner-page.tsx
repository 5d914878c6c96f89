import { Text } from '@mantine/core';
import { $api } from '../../api/client.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { useTexts } from '../../texts/texts-provider.tsx';
import { FrontPage } from '../front-page.tsx';
import { useLinkToken } from '../link-token.ts';
import { useEnter } from '../use-session.ts';
import { FirstOwnerForm } from './first-owner-form.tsx';

/** What the link opens that a new server prints when it starts. */
export function FirstOwnerPage() {
  const texts = useTexts().session;
  const token = useLinkToken();
  const enter = useEnter();
  const link = $api.useQuery(
    'post',
    '/v1/first-owner/lookup',
    { body: { token } },
    { enabled: token !== '', staleTime: Number.POSITIVE_INFINITY },
  );
  const workspace = link.data?.workspace;
  return (
    <FrontPage
      title={texts.firstOwner.title}
      hint={workspace ? texts.firstOwner.of(workspace.name) : texts.firstOwner.hint}
    >
      {token === '' ? (
        <Text>{texts.link.isCut}</Text>
      ) : (
        <Loaded query={link}>
          {({ workspace: found }) => (
            <FirstOwnerForm token={token} namesWorkspace={found === null} onDone={() => enter('/')} />
          )}
        </Loaded>
      )}
    </FrontPage>
  );
}

import { Text } from '@mantine/core';
import { $api } from '../../api/client.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { useTexts } from '../../texts/texts-provider.tsx';
import { FrontPage } from '../front-page.tsx';
import { forgetInvitation, useInvitationToken } from '../link-token.ts';
import { ProviderButton } from '../sign-in/provider-button.tsx';
import { useEnter } from '../use-session.ts';
import { AcceptAsKnown } from './accept-as-known.tsx';
import { AcceptAsNew } from './accept-as-new.tsx';

/** What the link of an invitation opens: which workspace, as what, and how to accept. */
export function InvitePage() {
  const texts = useTexts();
  const token = useInvitationToken();
  const enter = useEnter();
  const invitation = $api.useQuery(
    'post',
    '/v1/invitations/lookup',
    { body: { token } },
    { enabled: token !== '', staleTime: Number.POSITIVE_INFINITY },
  );
  const { data } = invitation;
  const joined = async () => {
    forgetInvitation();
    await enter('/');
  };
  if (token === '')
    return (
      <FrontPage title={texts.session.invite.titleUnknown}>
        <Text>{texts.session.link.isCut}</Text>
      </FrontPage>
    );
  return (
    <FrontPage
      title={
        data === undefined
          ? texts.session.invite.titleUnknown
          : texts.session.invite.title(data.workspace.name)
      }
      hint={data && texts.session.invite.as(texts.roles[data.role], data.email)}
    >
      <Loaded query={invitation}>
        {({ email, has_account: hasAccount }) =>
          hasAccount ? (
            <AcceptAsKnown token={token} email={email} onDone={joined} />
          ) : (
            <>
              <AcceptAsNew token={token} email={email} onDone={joined} />
              {/* The provider says whose address it is: who was invited joins by signing in. */}
              <ProviderButton next="/" />
            </>
          )
        }
      </Loaded>
    </FrontPage>
  );
}

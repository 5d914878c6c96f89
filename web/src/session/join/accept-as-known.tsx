import { Button, Stack, Text } from '@mantine/core';
import { $api } from '../../api/client.ts';
import { RefusedError } from '../../api/problem.ts';
import { FailureNote } from '../../parts/failure-note.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { useTexts } from '../../texts/texts-provider.tsx';
import { keepInvitation } from '../link-token.ts';
import { ProviderButton } from '../sign-in/provider-button.tsx';
import { SignInForm } from '../sign-in/sign-in-form.tsx';
import { useSession } from '../use-session.ts';

interface Accepting {
  token: string;
  email: string;
  onDone: () => void | Promise<void>;
}

/** Accepting an invitation for somebody who has an account: they sign in to it first. */
export function AcceptAsKnown({ token, email, onDone }: Accepting) {
  const texts = useTexts().session.invite;
  const session = useSession();
  const isNobody = session.error instanceof RefusedError && session.error.status === 401;
  if (isNobody)
    return (
      <>
        <Text size="sm">{texts.signInFirst}</Text>
        <SignInForm email={email} onDone={() => void session.refetch()} />
        <ProviderButton next="/invite" onLeave={() => keepInvitation(token)} />
      </>
    );
  return (
    <Loaded query={session}>
      {({ user }) =>
        isSameAddress(user.email, email) ? (
          <AcceptButton token={token} onDone={onDone} />
        ) : (
          <SignedInAsOther email={user.email} onDone={() => void session.refetch()} />
        )
      }
    </Loaded>
  );
}

function AcceptButton({ token, onDone }: Omit<Accepting, 'email'>) {
  const texts = useTexts().session.invite;
  const accept = $api.useMutation('post', '/v1/invitations', { onSuccess: onDone });
  return (
    <Stack>
      {accept.error !== null && <FailureNote error={accept.error} />}
      <Button loading={accept.isPending} onClick={() => accept.mutate({ body: { token } })} autoFocus>
        {texts.accept}
      </Button>
    </Stack>
  );
}

function SignedInAsOther({ email, onDone }: { email: string; onDone: () => void }) {
  const texts = useTexts();
  const signOut = $api.useMutation('delete', '/v1/session', { onSettled: onDone });
  return (
    <Stack>
      <Text size="sm">{texts.session.invite.asOther(email)}</Text>
      <Button variant="default" loading={signOut.isPending} onClick={() => signOut.mutate({})}>
        {texts.app.signOut}
      </Button>
    </Stack>
  );
}

/** As people compare addresses; the server has the last word. */
function isSameAddress(one: string, other: string): boolean {
  return one.normalize('NFKC').trim().toLowerCase() === other.normalize('NFKC').trim().toLowerCase();
}

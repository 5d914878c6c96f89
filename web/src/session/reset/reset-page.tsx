import { useLinkToken } from '../link-token.ts';
import { AskForLink } from './ask-for-link.tsx';
import { SetPassword } from './set-password.tsx';

/** Setting a new password: with the link of a mail; without one it has that mail sent. */
export function ResetPage() {
  const token = useLinkToken();
  return token === '' ? <AskForLink /> : <SetPassword token={token} />;
}

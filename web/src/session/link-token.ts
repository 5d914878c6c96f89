import { useLocation } from '@tanstack/react-router';

/** What the link of a mail holds behind “#”, which browsers send to nobody. Empty: it was not copied in full. */
export function useLinkToken(): string {
  return useLocation({ select: (location) => location.hash });
}

const INVITATION = 'convey-invitation';

/** Keeps an invitation’s token in this tab while somebody signs in elsewhere, which loses what stands behind “#”. */
export const keepInvitation = (token: string): void => sessionStorage.setItem(INVITATION, token);

/** The token of an invitation, from the address or kept. */
export function useInvitationToken(): string {
  const token = useLinkToken();
  return token === '' ? (sessionStorage.getItem(INVITATION) ?? '') : token;
}

/** The invitation was accepted. */
export const forgetInvitation = (): void => sessionStorage.removeItem(INVITATION);

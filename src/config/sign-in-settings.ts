import { type Role, ROLES } from '../access/permissions.ts';
import { duration, matching, none, parseList, type Settings } from './setting.ts';

/** How people sign in, and for how long. */
export interface SignInSettings {
  sessionIdleMs: number;
  sessionMaxMs: number;
  oidcIssuer: string | undefined;
  oidcClientId: string | undefined;
  oidcClientSecret: string | undefined;
  oidcName: string;
  /** Domains whose addresses are matched; empty: any. */
  oidcDomains: readonly string[];
  /** Where people of those domains become members without an invitation. */
  oidcJoin: { workspace: string; role: Role } | undefined;
}

/** HTTPS; on this machine HTTP will do. */
function parseIssuer(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname, search, hash, username } = new URL(text);
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  const isIssuer =
    `${search}${hash}${username}` === '' && (protocol === 'https:' || (isLocal && protocol === 'http:'));
  return isIssuer ? text : undefined;
}

function parseJoin(text: string): { workspace: string; role: Role } | undefined {
  const [workspace = '', name, ...rest] = text.split(':');
  const role = ROLES.find((one) => one === name && one !== 'owner');
  return /^[a-z0-9-]{1,63}$/.test(workspace) && rest.length === 0 && role ? { workspace, role } : undefined;
}

export const signInSettings: Settings<SignInSettings> = {
  sessionIdleMs: {
    environmentName: 'CONVEY_SESSION_IDLE',
    doc: 'A sign-in ends after this time without a request.',
    fallback: '24h',
    ...duration('5m', '30d'),
  },
  sessionMaxMs: {
    environmentName: 'CONVEY_SESSION_MAX',
    doc: 'A sign-in ends after this time, however busy.',
    fallback: '14d',
    ...duration('15m', '90d'),
  },
  oidcIssuer: {
    environmentName: 'CONVEY_OIDC_ISSUER',
    doc: 'People may sign in at this OpenID Connect provider; CONVEY_OIDC_CLIENT_ID as well.',
    takes: 'its `https://` address, as its discovery document names it',
    fallback: none,
    parse: parseIssuer,
  },
  oidcClientId: {
    environmentName: 'CONVEY_OIDC_CLIENT_ID',
    doc: 'What Convey is called there.',
    fallback: none,
    ...matching(/^[\x21-\x7e]{1,255}$/, 'the client’s id'),
  },
  oidcClientSecret: {
    environmentName: 'CONVEY_OIDC_CLIENT_SECRET',
    doc: 'Convey’s secret there. Unset: a client without a secret.',
    fallback: none,
    ...matching(/^[\x20-\x7e]{1,1000}$/, 'the client’s secret'),
    isSecret: true,
  },
  oidcName: {
    environmentName: 'CONVEY_OIDC_NAME',
    doc: 'What the button says: “Sign in with …”.',
    fallback: 'single sign-on',
    ...matching(/^[^\p{Cc}]{1,40}$/u, '1 to 40 characters'),
  },
  oidcDomains: {
    environmentName: 'CONVEY_OIDC_DOMAINS',
    doc: 'Only addresses of these domains are matched with users and invitations.',
    takes: 'domains, joined by commas',
    fallback: { text: 'any', from: () => [] },
    parse: (text) => parseList(text.toLowerCase(), (part) => /^[^\s@,]+\.[^\s@,]+$/.test(part)),
  },
  oidcJoin: {
    environmentName: 'CONVEY_OIDC_JOIN',
    doc: 'People of CONVEY_OIDC_DOMAINS become members of this workspace without an invitation.',
    takes: 'a workspace’s short name and a role, but not owner: `support:viewer`',
    fallback: { text: 'only who was invited', from: () => undefined },
    parse: parseJoin,
  },
};

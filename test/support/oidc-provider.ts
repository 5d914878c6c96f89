import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';

/** Somebody with an account at the provider: what it tells about them, by login. */
export type ProviderPeople = Record<string, { email?: string; email_verified?: boolean; name?: string }>;

export interface TestProvider {
  issuer: string;
  /** Signs somebody in there, as a person in a browser would, and gives the address they are sent back to. */
  signIn(startUrl: string, login: string): Promise<string>;
  stop(): Promise<void>;
}

export const CLIENT = { id: 'convey', secret: 'a secret of the client' };

/** A real OpenID Connect provider (oidc-provider, certified) on this machine, with one client. */
export async function startProvider(redirectUri: string, people: ProviderPeople): Promise<TestProvider> {
  const server: Server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    pkce: { required: () => true },
    ttl: {
      Interaction: 600,
      Session: 600,
      Grant: 600,
      AccessToken: 600,
      IdToken: 600,
      AuthorizationCode: 60,
    },
    cookies: { keys: ['a key of the test'] },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
  });
  server.on('request', provider.callback() as never);

  return {
    issuer,
    signIn: async (startUrl, login) => {
      const cookies = new Map<string, string>();
      let url = startUrl;
      let body: URLSearchParams | undefined;
      for (let step = 0; step < 20; step++) {
        if (url.startsWith(redirectUri)) return url;
        const reply = await fetch(url, {
          method: body === undefined ? 'GET' : 'POST',
          redirect: 'manual',
          headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
          ...(body === undefined ? {} : { body }),
        });
        for (const line of reply.headers.getSetCookie()) {
          const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
          if (value === '') cookies.delete(name!);
          else cookies.set(name!, value!);
        }
        const page = await reply.text();
        const location = reply.headers.get('location');
        body = undefined;
        if (location !== null) {
          url = new URL(location, url).href;
          continue;
        }
        const [, action] = /<form[^>]* action="([^"]+)"/.exec(page) ?? [];
        if (action === undefined)
          throw new Error(`the provider shows no form: ${reply.status} ${page.slice(0, 300)}`);
        url = new URL(action, url).href;
        const isLogin = page.includes('name="login"');
        body = new URLSearchParams(
          isLogin ? { prompt: 'login', login, password: 'x' } : { prompt: 'consent' },
        );
      }
      throw new Error('the provider sends round in circles');
    },
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

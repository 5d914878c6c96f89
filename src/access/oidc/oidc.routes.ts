import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { addToCounter } from '../../database/rate-counters.ts';
import { ConveyError } from '../../errors.ts';
import { crossSite } from '../../http/http.errors.ts';
import { ensureNotCrossSite } from '../../http/refuse-cross-site.ts';
import type { App } from '../../http/route-config.ts';
import { hashSecretToken } from '../secret-token.ts';
import { type SignIn, startSession } from '../sign-in/sign-in.ts';
import { findOrJoin, type OidcPeople } from './find-user.ts';
import type { IdentityProvider } from './identity-provider.ts';
import { oidcNoAccount, oidcOff, oidcRefused, oidcUnavailable } from './oidc.errors.ts';
import { keepStarted, STARTED_FOR_MS, takeStarted } from './started-sign-in.ts';

/** The provider that people may sign in with. */
export interface Oidc extends OidcPeople {
  provider: IdentityProvider;
  /** What the button calls it. */
  name: string;
}

export const OIDC_CALLBACK = '/v1/session/oidc/callback';
const START = '/v1/session/oidc/start';
/** The page that shows what went wrong: `?error=<code>`. */
const SIGN_IN_PAGE = '/sign-in';
const LONGEST_PATH = 1000;

/** Signing in with an OpenID Connect provider. Both addresses are for browsers, which are sent on. */
export function registerOidcRoutes(app: App, signIn: SignIn, oidc: Oidc | undefined): void {
  const { database, sealedTexts, log, mailer } = signIn;
  const errors = [oidcOff, oidcUnavailable, oidcRefused, oidcNoAccount];
  const response = { 302: z.null().describe('On to the next page; see Location.') };

  app.get(
    '/v1/sign-in-methods',
    {
      config: { operation: 'getSignInMethods' },
      schema: {
        tags: ['account'],
        summary: 'How one can sign in here',
        response: {
          200: z.object({
            password: z.literal(true),
            oidc: z
              .object({ name: z.string(), start: z.string().describe('Where the button leads.') })
              .nullable()
              .describe('Null: there is no other provider.'),
            sends_mails: z
              .boolean()
              .describe('Whether links for new passwords leave by mail; else only the operator has them.'),
          }),
        },
      },
    },
    async () => ({
      password: true as const,
      oidc: oidc === undefined ? null : { name: oidc.name, start: START },
      sends_mails: mailer.isSending,
    }),
  );

  app.get(
    START,
    {
      config: { operation: 'startOidcSignIn', errors: [...errors, crossSite], limits: ['sign-on'] },
      schema: {
        tags: ['account'],
        summary: 'Go to the other provider to sign in',
        querystring: z.object({
          return_to: z
            .string()
            .max(LONGEST_PATH)
            .refine(isLocalPath, 'takes a path of this server, like “/exports”')
            .default('/')
            .describe('The page to come back to.'),
        }),
        response,
      },
    },
    (request, reply) =>
      answerBrowser(request, reply, async () => {
        if (oidc === undefined) throw new ConveyError(oidcOff);
        // No other site signs a person in who did not ask for it: our own page does, or a typed address.
        ensureNotCrossSite(request);
        const { url, checks } = await oidc.provider.begin();
        await keepStarted(sealedTexts, request, reply, { ...checks, returnTo: request.query.return_to });
        return url;
      }),
  );

  app.get(
    OIDC_CALLBACK,
    {
      config: { operation: 'finishOidcSignIn', errors, limits: ['sign-on'] },
      schema: {
        tags: ['account'],
        summary: 'Come back from the other provider',
        description:
          'Only the provider’s reply to a sign-in that this browser began is taken, and only once.',
        querystring: z.looseObject({}),
        response,
      },
    },
    (request, reply) =>
      answerBrowser(request, reply, async () => {
        if (oidc === undefined) throw new ConveyError(oidcOff);
        const started = await takeStarted(sealedTexts, request, reply);
        if (started === undefined) throw new ConveyError(oidcRefused);
        // The provider takes a code only once; here it does not depend on that.
        const key = `oidc ${hashSecretToken(started.state)}`;
        const { count } = await addToCounter(database, key, STARTED_FOR_MS);
        if (count > 1) throw new ConveyError(oidcRefused);
        const identity = await oidc.provider.finish(queryOf(request), started);
        const user = await findOrJoin(signIn, request, identity, oidc);
        await startSession(signIn, request, reply, { user, method: 'oidc' });
        return started.returnTo;
      }),
  );

  /** Sends the browser on; to the sign-in page, with the code, when it fails. Programs get the problem itself. */
  async function answerBrowser(
    request: FastifyRequest,
    reply: FastifyReply,
    work: () => Promise<string>,
  ): Promise<never> {
    let target: string;
    try {
      target = await work();
    } catch (error) {
      const isOurs = error instanceof ConveyError;
      // Names and codes only: what a provider writes into its messages may name a person.
      const { name, code } = (isOurs ? (error.cause ?? {}) : {}) as { name?: string; code?: string };
      if (isOurs) log.warn('a sign-in at the other provider failed', { code: error.code, name, cause: code });
      const wantsPage = request.headers.accept?.includes('text/html') === true;
      if (!isOurs || !wantsPage) throw error;
      target = `${SIGN_IN_PAGE}?error=${error.code}`;
    }
    return reply.code(302).header('location', target).send(null) as never;
  }
}

/** True for what a browser takes as a path of the page’s own server: `//host` and `/\host` are other servers. */
export function isLocalPath(path: string): boolean {
  const base = 'http://convey.invalid';
  if (!/^\/(?![/\\])[^\p{Cc}\\]*$/u.test(path) || !URL.canParse(path, base)) return false;
  return new URL(path, base).origin === base;
}

function queryOf({ url }: FastifyRequest): string {
  return url.slice(url.indexOf('?') + 1 || url.length);
}

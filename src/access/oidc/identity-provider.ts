import * as client from 'openid-client';
import { ConveyError } from '../../errors.ts';
import { oidcRefused, oidcUnavailable } from './oidc.errors.ts';

const TIMEOUT_SECONDS = 10;
/** What the provider says about itself is asked for again after this. */
const KNOWN_FOR_MS = 3_600_000;

export interface ProviderSettings {
  issuer: string;
  clientId: string;
  clientSecret: string | undefined;
  /** Where the provider sends people back to. */
  redirectUri: string;
}

/** What ties the way back to the way there: known to the browser that began, and to nobody else. */
export interface SignInChecks {
  state: string;
  nonce: string;
  codeVerifier: string;
}

/** Who somebody is at the provider. */
export interface Identity {
  issuer: string;
  subject: string;
  email: string | undefined;
  /** The provider says that it has checked that the address is theirs. */
  isEmailVerified: boolean;
  name: string | undefined;
}

/** An OpenID Connect provider, found by discovery: authorization code with PKCE, state and nonce. */
export class IdentityProvider {
  readonly #settings: ProviderSettings;
  #found: { configuration: Promise<client.Configuration>; at: number } | undefined;

  constructor(settings: ProviderSettings) {
    this.#settings = settings;
  }

  /** Where to send the browser. @throws access.oidc_unavailable */
  async begin(): Promise<{ url: string; checks: SignInChecks }> {
    const configuration = await this.#discover();
    const checks = {
      state: client.randomState(),
      nonce: client.randomNonce(),
      codeVerifier: client.randomPKCECodeVerifier(),
    };
    const url = client.buildAuthorizationUrl(configuration, {
      redirect_uri: this.#settings.redirectUri,
      scope: 'openid email profile',
      state: checks.state,
      nonce: checks.nonce,
      code_challenge: await client.calculatePKCECodeChallenge(checks.codeVerifier),
      code_challenge_method: 'S256',
    });
    return { url: url.href, checks };
  }

  /**
   * Who came back. @throws access.oidc_refused, access.oidc_unavailable
   * @param query of the address that the browser was sent back to
   */
  async finish(query: string, { state, nonce, codeVerifier }: SignInChecks): Promise<Identity> {
    const configuration = await this.#discover();
    const url = new URL(this.#settings.redirectUri);
    url.search = query;
    try {
      const tokens = await client.authorizationCodeGrant(configuration, url, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: codeVerifier,
        idTokenExpected: true,
      });
      const claims = tokens.claims()!;
      // Many providers tell the address only there.
      const more =
        claims['email'] === undefined && configuration.serverMetadata().userinfo_endpoint !== undefined
          ? await client.fetchUserInfo(configuration, tokens.access_token, claims.sub)
          : claims;
      const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);
      return {
        issuer: claims.iss,
        subject: claims.sub,
        email: text(more['email']),
        isEmailVerified: more['email_verified'] === true,
        name: text(more['name']) ?? text(claims['name']),
      };
    } catch (cause) {
      throw isNoAnswer(cause)
        ? new ConveyError(oidcUnavailable, undefined, { cause })
        : new ConveyError(oidcRefused, undefined, { cause });
    }
  }

  async #discover(): Promise<client.Configuration> {
    if (this.#found === undefined || performance.now() - this.#found.at > KNOWN_FOR_MS)
      this.#found = { configuration: this.#ask(), at: performance.now() };
    try {
      return await this.#found.configuration;
    } catch (cause) {
      this.#found = undefined;
      throw new ConveyError(oidcUnavailable, undefined, { cause });
    }
  }

  #ask(): Promise<client.Configuration> {
    const { issuer, clientId, clientSecret } = this.#settings;
    const url = new URL(issuer);
    const authentication = clientSecret === undefined ? client.None() : authenticateWith(clientSecret);
    return client.discovery(url, clientId, undefined, authentication, {
      timeout: TIMEOUT_SECONDS,
      execute: [
        // Without it a token that came straight from the provider is taken without looking at its signature.
        client.enableNonRepudiationChecks,
        // The settings let plain HTTP through only for a provider on this machine.
        ...(url.protocol === 'http:' ? [client.allowInsecureRequests] : []),
      ],
    });
  }
}

/** The secret in the way that the provider takes: OpenID Connect’s default, or in the body. */
function authenticateWith(secret: string): client.ClientAuth {
  const [basic, post] = [client.ClientSecretBasic(secret), client.ClientSecretPost(secret)];
  return (server, ...rest) => {
    const taken = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    (taken.includes('client_secret_basic') ? basic : post)(server, ...rest);
  };
}

/** Whether the provider did not answer, or not as one, rather than saying no. */
function isNoAnswer(error: unknown): boolean {
  if (error instanceof client.ResponseBodyError) return error.status >= 500;
  if (error instanceof client.ClientError)
    return ['OAUTH_TIMEOUT', 'OAUTH_RESPONSE_IS_NOT_CONFORM', 'OAUTH_RESPONSE_IS_NOT_JSON'].includes(
      error.code ?? '',
    );
  return error instanceof TypeError && error.message === 'fetch failed';
}

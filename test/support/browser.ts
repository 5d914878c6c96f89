import { TOTP } from 'otpauth';
import { mailContext } from '../../src/notify/mail/mailer.ts';
import type { TestDatabase } from './test-database.ts';
import type { TestServer } from './test-server.ts';

interface Answer {
  status: number;
  headers: Headers;
  text: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into whatever came
  json: any;
}

/** A browser on one of our own pages: sends what browsers send, and keeps the session's cookie. */
export class Browser {
  readonly #url: string;
  readonly headers: Record<string, string>;
  /** Every session token that it was given. */
  readonly tokens: string[] = [];

  constructor({ url }: Pick<TestServer, 'url'>, headers: Record<string, string> = {}) {
    this.#url = url;
    this.headers = { 'sec-fetch-site': 'same-origin', 'user-agent': 'Test browser', ...headers };
  }

  async ask(method: string, path: string, body?: object): Promise<Answer> {
    const token = this.tokens.at(-1);
    const reply = await fetch(this.#url + path, {
      method,
      headers: {
        ...this.headers,
        ...(token ? { cookie: `convey_session=${token}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await reply.text();
    const [, given] = /^convey_session=([^;]*)/.exec(reply.headers.get('set-cookie') ?? '') ?? [];
    if (given !== undefined) this.tokens.push(given);
    return {
      status: reply.status,
      headers: reply.headers,
      text,
      json: text === '' ? null : JSON.parse(text),
    };
  }
}

/** The mails to an address that lie in the outbox, opened, the oldest first. */
export async function mailsTo(
  db: TestDatabase,
  { installation }: Pick<TestServer, 'installation'>,
  email: string,
): Promise<{ template: string; values: Record<string, string> }[]> {
  const rows = await db.asSuperuser<{ id: string; template: string; sealed: string }>(
    'select id, template, sealed_content as sealed from mails where recipient = $1 order by created_at, id',
    [email],
  );
  return Promise.all(
    rows.map(async ({ id, template, sealed }) => ({
      template,
      values: JSON.parse(await installation.sealedTexts.open(sealed, mailContext(id))).values,
    })),
  );
}

/** What a link holds after `#`. */
export function tokenOf(link: string): string {
  return new URL(link).hash.slice(1);
}

/** The code that an authenticator app shows, `steps` of 30 s from now. */
export function appCode(uri: string, steps = 0): string {
  const secret = new URL(uri).searchParams.get('secret')!;
  return new TOTP({ secret }).generate({ timestamp: Date.now() + steps * 30_000 });
}

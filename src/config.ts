import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { ConveyError, errorKind } from './errors.ts';
import { isNetwork } from './networks.ts';
import { type Role, ROLES } from './access/permissions.ts';
import { parseS3Location } from './storage/s3-location.ts';

export const badSetting = errorKind(
  'config.bad_setting',
  500,
  'The settings are not right, so nothing was started.',
);

/** Every setting, as the program uses it. Where a value comes from is in `settings`, below. */
export interface Config {
  homeDir: string;
  databaseUrl: string | undefined;
  databaseAdminUrl: string | undefined;
  host: string;
  port: number;
  publicUrl: string;
  /** PEM files; both or neither. */
  tlsCertFile: string | undefined;
  tlsKeyFile: string | undefined;
  /** IP addresses and networks of proxies whose `X-Forwarded-…` headers count. */
  trustedProxies: readonly string[];
  storage: string;
  /** 32 bytes each; undefined: the key file in the home folder holds them. */
  masterKeys: Uint8Array[] | undefined;
  productName: string;
  metricsToken: string | undefined;
  ingestBodyBytes: number;
  messageBodyBytes: number;
  pendingMs: number;
  directRepliesPerWorkspace: number;
  exportConnections: number;
  exportThreads: number;
  snapshotMaxAgeMs: number;
  idleClientMs: number;
  keptExportsPerWorkspace: number;
  partConversations: number;
  parallelParts: number;
  linkMs: number;
  mostLinkMs: number;
  /** 0: no limit. */
  linkDownloads: number;
  /** Stores that schedules may copy packages to: name → where it is. */
  s3Destinations: ReadonlyMap<string, string>;
  role: 'all' | 'server' | 'worker';
  workerJobs: number;
  exportAttempts: number;
  leaseMs: number;
  sessionIdleMs: number;
  sessionMaxMs: number;
  /** Undefined: no mail is sent, all are kept. */
  smtpUrl: string | undefined;
  mailFrom: string;
  webhookAllow: string[];
  /** 0: no limit. */
  requestsPerMinute: number;
  checkpointEvents: number;
  checkpointEveryMs: number;
  /** Undefined: no file is written. */
  checkpointFolder: string | undefined;
  /** Undefined: no mail is sent. */
  checkpointMail: string | undefined;
  oidcIssuer: string | undefined;
  oidcClientId: string | undefined;
  oidcClientSecret: string | undefined;
  oidcName: string;
  /** Domains whose addresses are matched; empty: any. */
  oidcDomains: readonly string[];
  /** Where people of those domains become members without an invitation. */
  oidcJoin: { workspace: string; role: Role } | undefined;
}

interface Setting<Value> {
  environmentName: string;
  doc: string;
  /** Completes the sentence “takes …”. */
  takes: string;
  /** What an unset variable counts as: a text like any other, or worked out from the other settings. */
  fallback: string | { text: string; from: (others: Config) => Value };
  /** The value, or undefined when the text is not what the setting takes. */
  parse: (text: string) => Value | undefined;
  /** Its text never appears in a message. */
  isSecret?: boolean;
}

const UNIT_MS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const UNIT_BYTES: Record<string, number> = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 };

function measure(
  units: Record<string, number>,
  least: number,
  most: number,
): (text: string) => number | undefined {
  return (text) => {
    const [, digits, unit] = /^(\d{1,12}) ?([A-Za-z]+)$/.exec(text) ?? [];
    const value = Number(digits) * (units[unit ?? ''] ?? Number.NaN);
    return value >= least && value <= most ? value : undefined;
  };
}

const duration = (least: string, most: string) => ({
  takes: `a time from ${least} to ${most}: a number and ms, s, m, h or d (\`90s\`)`,
  parse: measure(UNIT_MS, measure(UNIT_MS, 0, Infinity)(least)!, measure(UNIT_MS, 0, Infinity)(most)!),
});

const bytes = (least: string, most: string) => ({
  takes: `a size from ${least} to ${most}: a number and B, KiB, MiB or GiB`,
  parse: measure(
    UNIT_BYTES,
    measure(UNIT_BYTES, 0, Infinity)(least)!,
    measure(UNIT_BYTES, 0, Infinity)(most)!,
  ),
});

const integer = (least: number, most: number) => ({
  takes: `a whole number from ${least} to ${most}`,
  parse: (text: string) =>
    /^\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most ? Number(text) : undefined,
});

const matching = (pattern: RegExp, takes: string) => ({
  takes,
  parse: (text: string) => (pattern.test(text) ? text : undefined),
});

const postgresAddress = {
  takes: 'an address like `postgres://user:password@host:5432/database`',
  parse: (text: string) =>
    URL.canParse(text) && /^postgres(ql)?:$/.test(new URL(text).protocol) ? text : undefined,
  isSecret: true,
};

/** A list joined by commas, without repeats; each part has to be `good`. */
function parseList(text: string, isGood: (part: string) => boolean): string[] | undefined {
  const parts = [...new Set(text.split(',').map((part) => part.trim()))];
  return parts.every(isGood) ? parts : undefined;
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

function parseDestinations(text: string): ReadonlyMap<string, string> | undefined {
  const places = new Map<string, string>();
  for (const part of text.split(',')) {
    const [, name, location] = /^([a-z0-9][a-z0-9-]{0,39})=(s3:\/\/\S+)$/.exec(part.trim()) ?? [];
    if (name === undefined || location === undefined || places.has(name) || !isS3Location(location))
      return undefined;
    places.set(name, location);
  }
  return places;
}

function isS3Location(text: string): boolean {
  try {
    return parseS3Location(text).bucket !== '';
  } catch {
    return false;
  }
}

function parseOrigin(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, origin, pathname, search, hash, username } = new URL(text);
  const isOrigin = /^https?:$/.test(protocol) && `${pathname}${search}${hash}${username}` === '/';
  return isOrigin ? origin : undefined;
}

function parseMasterKeys(text: string): Uint8Array[] | undefined {
  const keys = text.split(',').map((part) => {
    const isHex = /^[0-9a-fA-F]{64}$/.test(part.trim());
    const bytes = Buffer.from(part.trim(), isHex ? 'hex' : 'base64');
    // Buffer.from passes over what is no Base64, so the way back decides.
    return isHex || (bytes.length === 32 && bytes.toString('base64') === part.trim()) ? bytes : undefined;
  });
  return keys.every((key) => key !== undefined) ? keys : undefined;
}

const none = { text: 'none', from: () => undefined };

const settings: { [Name in keyof Config]: Setting<Config[Name]> } = {
  homeDir: {
    environmentName: 'CONVEY_HOME',
    doc: 'Folder for everything Convey keeps on this machine: the embedded database, stored files, keys.',
    takes: 'a folder',
    fallback: './data',
    parse: (text) => resolve(text),
  },
  databaseUrl: {
    environmentName: 'DATABASE_URL',
    doc: 'A PostgreSQL (15 or newer) of your own: the plain role that serves. Unset: Convey starts its own.',
    fallback: none,
    ...postgresAddress,
  },
  databaseAdminUrl: {
    environmentName: 'DATABASE_ADMIN_URL',
    doc: 'The role that owns the tables in that database and migrates them.',
    fallback: none,
    ...postgresAddress,
  },
  host: {
    environmentName: 'CONVEY_HOST',
    doc: 'Address to listen on; `0.0.0.0` lets other machines in.',
    fallback: '127.0.0.1',
    ...matching(/^[0-9A-Za-z.:_-]+$/, 'a host name or an IP address'),
  },
  port: {
    environmentName: 'CONVEY_PORT',
    doc: 'Port to listen on; 0 takes a free one.',
    fallback: '4400',
    ...integer(0, 65_535),
  },
  publicUrl: {
    environmentName: 'CONVEY_URL',
    doc: 'Public address of this server: what links in replies, mails and files begin with.',
    takes: 'an address without a path, like `https://convey.example.com`',
    fallback: {
      text: '`http://localhost:<CONVEY_PORT>`; `https://…` with a certificate',
      from: ({ port, tlsCertFile }) => `http${tlsCertFile === undefined ? '' : 's'}://localhost:${port}`,
    },
    parse: parseOrigin,
  },
  tlsCertFile: {
    environmentName: 'CONVEY_TLS_CERT',
    doc: 'Serves HTTPS (TLS 1.2 and 1.3) with this certificate and those that vouch for it. Read again when it changes.',
    takes: 'a PEM file; CONVEY_TLS_KEY as well',
    fallback: none,
    parse: (text) => resolve(text),
  },
  tlsKeyFile: {
    environmentName: 'CONVEY_TLS_KEY',
    doc: 'The private key of that certificate.',
    takes: 'a PEM file without a password; CONVEY_TLS_CERT as well',
    fallback: none,
    parse: (text) => resolve(text),
  },
  trustedProxies: {
    environmentName: 'CONVEY_TRUSTED_PROXIES',
    doc: 'Proxies in front of Convey: only from these do `X-Forwarded-For`, `-Proto` and `-Host` count.',
    takes: 'IP addresses and networks (`10.0.0.0/8`), joined by commas',
    fallback: { text: 'none', from: () => [] },
    parse: (text) => parseList(text, isNetwork),
  },
  storage: {
    environmentName: 'CONVEY_STORAGE',
    doc: 'Where stored files rest.',
    takes: '`file:` and a folder, or `s3://bucket/prefix?region=…&endpoint=…`',
    fallback: {
      text: '`file:<CONVEY_HOME>/objects`',
      from: ({ homeDir }) => `file:${resolve(homeDir, 'objects')}`,
    },
    parse: (text) => {
      if (/^s3:\/\/./.test(text)) return text;
      return /^file:.+/.test(text) ? `file:${resolve(text.slice('file:'.length))}` : undefined;
    },
    isSecret: true, // somebody may have typed credentials into it
  },
  masterKeys: {
    environmentName: 'CONVEY_MASTER_KEY',
    doc: 'The key under which stored files are encrypted (`openssl rand -hex 32`). Lose it and they are lost.',
    takes:
      '32 bytes as 64 hexadecimal digits or as Base64; several, joined by commas: the first encrypts, the others only decrypt',
    fallback: {
      text: 'the file `<CONVEY_HOME>/master.key`, made at the first start',
      from: () => undefined,
    },
    parse: parseMasterKeys,
    isSecret: true,
  },
  productName: {
    environmentName: 'CONVEY_PRODUCT_NAME',
    doc: 'First part of the names of exported files.',
    fallback: 'convey',
    ...matching(/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/, '1 to 40 lower-case letters, digits and hyphens'),
  },
  metricsToken: {
    environmentName: 'CONVEY_METRICS_TOKEN',
    doc: 'Lets other machines read `/metrics` with `Authorization: Bearer <token>`. Unset: only this machine may.',
    fallback: none,
    ...matching(/^[\x21-\x7e]{16,200}$/, '16 to 200 printable characters without spaces'),
    isSecret: true,
  },
  ingestBodyBytes: {
    environmentName: 'CONVEY_INGEST_BODY',
    doc: 'Largest body of one ingest request.',
    fallback: '64MiB',
    ...bytes('1MiB', '1024MiB'),
  },
  messageBodyBytes: {
    environmentName: 'CONVEY_MESSAGE_BODY',
    doc: 'Longest text of one message.',
    fallback: '16MiB',
    ...bytes('1KiB', '64MiB'),
  },
  pendingMs: {
    environmentName: 'CONVEY_PENDING',
    doc: 'How long an ingested record waits for the record that it belongs to.',
    fallback: '24h',
    ...duration('1m', '30d'),
  },
  directRepliesPerWorkspace: {
    environmentName: 'CONVEY_DIRECT_REPLIES',
    doc: 'Exports that one workspace may have answered directly at the same time.',
    fallback: '3',
    ...integer(1, 1000),
  },
  exportConnections: {
    environmentName: 'CONVEY_EXPORT_CONNECTIONS',
    doc: 'Database connections that all running exports share, beside the 15 for short work.',
    fallback: '24',
    ...integer(4, 1000),
  },
  exportThreads: {
    environmentName: 'CONVEY_EXPORT_THREADS',
    doc: 'Threads that render exports, so that small requests never wait for a large one.',
    fallback: {
      text: 'the number of processor cores, at most 4',
      from: () => Math.min(4, availableParallelism()),
    },
    ...integer(1, 64),
  },
  snapshotMaxAgeMs: {
    environmentName: 'CONVEY_SNAPSHOT_MAX_AGE',
    doc: 'Longest time one export may read; after it the database ends the read, so that old rows are let go.',
    fallback: '2h',
    ...duration('1m', '24h'),
  },
  idleClientMs: {
    environmentName: 'CONVEY_IDLE_CLIENT',
    doc: 'A client that takes no byte of its reply for this long is cut off.',
    fallback: '5m',
    ...duration('1s', '1h'),
  },
  keptExportsPerWorkspace: {
    environmentName: 'CONVEY_EXPORTS_PER_WORKSPACE',
    doc: 'Kept exports of one workspace that run at the same time; more wait their turn.',
    fallback: '3',
    ...integer(1, 1000),
  },
  partConversations: {
    environmentName: 'CONVEY_PART_CONVERSATIONS',
    doc: 'Conversations in one part of a kept export.',
    fallback: '5000',
    ...integer(1, 1_000_000_000),
  },
  parallelParts: {
    environmentName: 'CONVEY_PARALLEL_PARTS',
    doc: 'Parts of one kept export that are written at the same time.',
    fallback: '2',
    ...integer(1, 64),
  },
  linkMs: {
    environmentName: 'CONVEY_LINKS',
    doc: 'How long the files of a kept export can be fetched before they are deleted.',
    fallback: '7d',
    ...duration('1m', '365d'),
  },
  mostLinkMs: {
    environmentName: 'CONVEY_LINKS_MOST',
    doc: 'How long after its order a kept export can be kept at most, by giving it more time.',
    fallback: '90d',
    ...duration('1m', '3650d'),
  },
  linkDownloads: {
    environmentName: 'CONVEY_LINK_DOWNLOADS',
    doc: 'Downloads that one link without a sign-in gives, before it opens nothing any more; 0: as many as are asked for.',
    fallback: '20',
    ...integer(0, 1_000_000),
  },
  s3Destinations: {
    environmentName: 'CONVEY_S3_DESTINATIONS',
    doc: 'Stores that schedules may copy packages to, each under a name; there they lie as they are, not encrypted by Convey.',
    takes: 'names and places with commas between: `backup=s3://bucket/prefix?region=…&endpoint=…`',
    fallback: { text: 'none', from: () => new Map() },
    parse: parseDestinations,
    isSecret: true, // somebody may have typed credentials into it
  },
  role: {
    environmentName: 'CONVEY_ROLE',
    doc: 'What this process does: serve requests, run jobs (exports that are kept), or both.',
    takes: '`all`, `server` or `worker`',
    fallback: 'all',
    parse: (text) => (text === 'all' || text === 'server' || text === 'worker' ? text : undefined),
  },
  workerJobs: {
    environmentName: 'CONVEY_WORKER_JOBS',
    doc: 'Jobs that this process runs at the same time, of all workspaces together.',
    fallback: '4',
    ...integer(1, 1000),
  },
  exportAttempts: {
    environmentName: 'CONVEY_EXPORT_ATTEMPTS',
    doc: 'How often a kept export is begun before it has failed, when its worker dies or the database or the store breaks off.',
    fallback: '3',
    ...integer(1, 100),
  },
  leaseMs: {
    environmentName: 'CONVEY_LEASE',
    doc: 'A worker that gives no sign for this long is dead, and another takes its jobs over.',
    fallback: '15s',
    ...duration('1s', '10m'),
  },
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
  smtpUrl: {
    environmentName: 'SMTP_URL',
    doc: 'The server that takes our mails. Unset: mails are kept, and admins see them in the outbox.',
    takes: '`smtp://user:password@host:587` (STARTTLS where it is offered) or `smtps://…`',
    fallback: none,
    parse: (text) =>
      URL.canParse(text) && /^smtps?:$/.test(new URL(text).protocol) && new URL(text).hostname !== ''
        ? text
        : undefined,
    isSecret: true,
  },
  mailFrom: {
    environmentName: 'CONVEY_MAIL_FROM',
    doc: 'Sender of our mails.',
    fallback: {
      text: '`convey@` and the host of CONVEY_URL',
      from: ({ publicUrl }) => `convey@${new URL(publicUrl).hostname}`,
    },
    ...matching(
      /^([^<>"@\x00-\x1f\x7f]{1,100} )?<?[^\s<>"@,;]{1,64}@[^\s<>"@,;]{1,255}>?$/,
      'a mail address, or `Name <address>`',
    ),
  },
  webhookAllow: {
    environmentName: 'CONVEY_WEBHOOK_ALLOW',
    doc: 'Networks that webhooks may reach although they are private, and without TLS there.',
    takes: 'addresses and networks with commas between (`10.1.0.0/16,192.0.2.7`)',
    fallback: { text: 'none', from: () => [] },
    parse: (text) => parseList(text, isNetwork),
  },
  requestsPerMinute: {
    environmentName: 'CONVEY_REQUESTS_PER_MINUTE',
    doc: 'Requests that one API key or one session may make in a minute; 0: as many as it likes.',
    fallback: '600',
    ...integer(0, 1_000_000),
  },
  checkpointEvents: {
    environmentName: 'CONVEY_CHECKPOINT_EVENTS',
    doc: 'Events of the audit log after which the next checkpoint is signed.',
    fallback: '1000',
    ...integer(1, 1_000_000),
  },
  checkpointEveryMs: {
    environmentName: 'CONVEY_CHECKPOINT_EVERY',
    doc: 'Time after which what the audit log has recorded is under a signed checkpoint.',
    fallback: '1h',
    ...duration('1s', '30d'),
  },
  checkpointFolder: {
    environmentName: 'CONVEY_CHECKPOINT_FOLDER',
    doc: 'Gets a line for each checkpoint, in a file for each workspace; put it on another machine’s disk.',
    takes: 'a folder',
    fallback: none,
    parse: (text) => resolve(text),
  },
  checkpointMail: {
    environmentName: 'CONVEY_CHECKPOINT_MAIL',
    doc: 'Gets a mail for each checkpoint.',
    fallback: none,
    ...matching(/^[^\s<>"@,;]{1,64}@[^\s<>"@,;]{1,255}$/, 'a mail address'),
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

const entries = Object.entries(settings) as [keyof Config, Setting<unknown>][];

/**
 * Reads every setting. Throws `config.bad_setting` naming all bad values at once: the setting, what it got
 * and what it takes. An empty variable counts as unset, which is what an unset one becomes in compose files.
 * @returns the settings, and a sentence for each `CONVEY_…` variable that no setting reads
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): {
  config: Config;
  warnings: string[];
} {
  const values: Record<string, unknown> = {};
  const fields: { pointer: string; detail: string }[] = [];
  for (const [name, { environmentName, fallback, parse, takes, isSecret }] of entries) {
    const text = env[environmentName] || (typeof fallback === 'string' ? fallback : undefined);
    if (text === undefined) continue;
    values[name] = parse(text);
    if (values[name] !== undefined) continue;
    const got = isSecret ? `${text.length} characters that are not shown` : JSON.stringify(text);
    fields.push({ pointer: environmentName, detail: `got ${got}; takes ${takes}` });
  }
  if (env['DATABASE_ADMIN_URL'] && !env['DATABASE_URL']) {
    fields.push({
      pointer: 'DATABASE_URL',
      detail: 'is missing; takes the role that serves, as DATABASE_ADMIN_URL is set',
    });
  }
  const needs = (setting: string, other: string, why: string) => {
    if (env[setting] && !env[other])
      fields.push({ pointer: other, detail: `is missing; ${why}, as ${setting} is set` });
  };
  needs('CONVEY_TLS_CERT', 'CONVEY_TLS_KEY', 'takes a PEM file');
  needs('CONVEY_TLS_KEY', 'CONVEY_TLS_CERT', 'takes a PEM file');
  needs('CONVEY_OIDC_ISSUER', 'CONVEY_OIDC_CLIENT_ID', 'takes the client’s id');
  needs('CONVEY_OIDC_CLIENT_ID', 'CONVEY_OIDC_ISSUER', 'takes the provider’s address');
  needs('CONVEY_OIDC_JOIN', 'CONVEY_OIDC_DOMAINS', 'takes the domains whose people may join');
  if (fields.length > 0) {
    const lines = fields.map(({ pointer, detail }) => `${pointer} ${detail}.`);
    throw new ConveyError(badSetting, lines.join(' '), { fields });
  }
  for (const [name, { fallback }] of entries) {
    if (!(name in values) && typeof fallback === 'object')
      values[name] = fallback.from(values as unknown as Config);
  }
  return { config: values as unknown as Config, warnings: unknownNames(env) };
}

function unknownNames(env: Readonly<Record<string, string | undefined>>): string[] {
  const known = new Set(entries.map(([, { environmentName }]) => environmentName));
  return Object.keys(env)
    .filter((name) => /^CONVEY_(?!TEST_)/.test(name) && !known.has(name))
    .sort()
    .map((name) => `${name} is set, but there is no such setting.`);
}

/** Every setting as a Markdown table, for the docs. */
export function settingsTable(): string {
  const rows = entries.map(([, { environmentName, doc, takes, fallback }]) => {
    const unset = typeof fallback === 'string' ? `\`${fallback}\`` : fallback.text;
    return `| \`${environmentName}\` | ${doc} | ${takes} | ${unset} |\n`;
  });
  return `| Setting | What it does | Takes | Default |\n| --- | --- | --- | --- |\n${rows.join('')}`;
}

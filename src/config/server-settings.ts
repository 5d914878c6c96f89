import { resolve } from 'node:path';
import { isNetwork } from '../networks.ts';
import { integer, matching, none, parseList, type Settings } from './setting.ts';

/** Where it runs, on what, and by what name. */
export interface ServerSettings {
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
  /** 0: no limit. */
  requestsPerMinute: number;
  metricsToken: string | undefined;
}

const postgresAddress = {
  takes: 'an address like `postgres://user:password@host:5432/database`',
  parse: (text: string) =>
    URL.canParse(text) && /^postgres(ql)?:$/.test(new URL(text).protocol) ? text : undefined,
  isSecret: true,
};

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

export const serverSettings: Settings<ServerSettings> = {
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
    doc: 'First part of the names of exported files, where a workspace’s brand has no name.',
    fallback: 'convey',
    ...matching(/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/, '1 to 40 lower-case letters, digits and hyphens'),
  },
  requestsPerMinute: {
    environmentName: 'CONVEY_REQUESTS_PER_MINUTE',
    doc: 'Requests that one API key or one session may make in a minute; 0: as many as it likes.',
    fallback: '600',
    ...integer(0, 1_000_000),
  },
  metricsToken: {
    environmentName: 'CONVEY_METRICS_TOKEN',
    doc: 'Lets other machines read `/metrics` with `Authorization: Bearer <token>`. Unset: only this machine may.',
    fallback: none,
    ...matching(/^[\x21-\x7e]{16,200}$/, '16 to 200 printable characters without spaces'),
    isSecret: true,
  },
};

import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig, settingsTable } from './config.ts';
import { ConveyError } from './errors.ts';

function problemsOf(env: Record<string, string>): Record<string, string> {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConveyError)
      return Object.fromEntries(error.fields.map(({ pointer, detail }) => [pointer, detail]));
  }
  throw new Error('the settings were taken');
}

describe('readConfig', () => {
  it('needs nothing: every setting has a default', () => {
    const { config, warnings } = readConfig({});
    expect(warnings).toEqual([]);
    expect(config).toEqual({
      homeDir: resolve('data'),
      databaseUrl: undefined,
      databaseAdminUrl: undefined,
      host: '127.0.0.1',
      port: 4400,
      publicUrl: 'http://localhost:4400',
      storage: `file:${resolve('data/objects')}`,
      masterKeys: undefined,
      productName: 'convey',
      metricsToken: undefined,
      ingestBodyBytes: 67_108_864,
      messageBodyBytes: 16_777_216,
      pendingMs: 86_400_000,
      directRepliesPerWorkspace: 3,
      exportConnections: 24,
      exportThreads: Math.min(4, availableParallelism()),
      snapshotMaxAgeMs: 7_200_000,
      keptExportsPerWorkspace: 3,
      partConversations: 5000,
      parallelParts: 2,
      linkMs: 7 * 24 * 3_600_000,
      mostLinkMs: 90 * 24 * 3_600_000,
      linkDownloads: 20,
      s3Destinations: new Map(),
      role: 'all',
      workerJobs: 4,
      exportAttempts: 3,
      leaseMs: 15_000,
      idleClientMs: 300_000,
      sessionIdleMs: 24 * 3_600_000,
      sessionMaxMs: 14 * 24 * 3_600_000,
      mailFrom: 'convey@localhost',
      webhookAllow: [],
      trustedProxies: [],
      requestsPerMinute: 600,
      checkpointEvents: 1000,
      checkpointEveryMs: 3_600_000,
      checkpointFolder: undefined,
      checkpointMail: undefined,
      oidcName: 'single sign-on',
      oidcDomains: [],
    });
  });

  it('works out a default from the settings it depends on', () => {
    const { config } = readConfig({ CONVEY_HOME: '/srv/convey', CONVEY_PORT: '8080' });
    expect(config.storage).toBe('file:/srv/convey/objects');
    expect(config.publicUrl).toBe('http://localhost:8080');
  });

  it('takes an empty variable as unset', () => {
    expect(readConfig({ CONVEY_PORT: '', DATABASE_URL: '' }).config).toEqual(readConfig({}).config);
  });

  it('names every bad value at once: the setting, what it got and what it takes', () => {
    expect(
      problemsOf({
        CONVEY_PORT: '70000',
        CONVEY_IDLE_CLIENT: '5 minutes',
        CONVEY_URL: 'https://a.example/x',
      }),
    ).toEqual({
      CONVEY_PORT: 'got "70000"; takes a whole number from 0 to 65535',
      CONVEY_IDLE_CLIENT:
        'got "5 minutes"; takes a time from 1s to 1h: a number and ms, s, m, h or d (`90s`)',
      CONVEY_URL:
        'got "https://a.example/x"; takes an address without a path, like `https://convey.example.com`',
    });
  });

  it('says all of it in the message, too', () => {
    expect(() => readConfig({ CONVEY_PORT: 'x', CONVEY_HOST: 'a b' })).toThrow(
      /nothing was started.*CONVEY_HOST got "a b".*CONVEY_PORT got "x"/,
    );
  });

  it('never repeats a secret', () => {
    const problems = problemsOf({
      DATABASE_URL: 'mysql://convey:hunter2@db/convey',
      CONVEY_METRICS_TOKEN: 'hunter2',
    });
    expect(Object.keys(problems)).toEqual(['DATABASE_URL', 'CONVEY_METRICS_TOKEN']);
    expect(JSON.stringify(problems)).not.toContain('hunter2');
  });

  it('takes master keys in hexadecimal and Base64, several at once', () => {
    const [one, two] = [Buffer.alloc(32, 1), Buffer.alloc(32, 0xfe)];
    const { config } = readConfig({
      CONVEY_MASTER_KEY: `${one.toString('base64')}, ${two.toString('hex').toUpperCase()}`,
    });
    expect(config.masterKeys?.map((key) => Buffer.from(key))).toEqual([one, two]);
  });

  it.each([
    ['too short', 'ab'.repeat(31)],
    ['too long', Buffer.alloc(33, 7).toString('base64')],
    ['the other Base64', Buffer.alloc(32, 0xff).toString('base64url')],
    ['a good one and an empty one', `${'ab'.repeat(32)},`],
  ])('refuses a master key that is %s, names the setting and does not repeat it', (_what, value) => {
    const problems = problemsOf({ CONVEY_MASTER_KEY: value });
    expect(problems['CONVEY_MASTER_KEY']).toMatch(/not shown; takes 32 bytes as 64 hexadecimal digits/);
    expect(JSON.stringify(problems)).not.toContain(value.slice(0, 20));
  });

  it('takes a certificate only with its key, and is then reached by https', () => {
    expect(problemsOf({ CONVEY_TLS_CERT: 'cert.pem' })).toHaveProperty('CONVEY_TLS_KEY');
    expect(problemsOf({ CONVEY_TLS_KEY: 'key.pem' })).toHaveProperty('CONVEY_TLS_CERT');
    const { config } = readConfig({
      CONVEY_TLS_CERT: 'cert.pem',
      CONVEY_TLS_KEY: 'key.pem',
      CONVEY_PORT: '443',
    });
    expect(config).toMatchObject({ tlsCertFile: resolve('cert.pem'), publicUrl: 'https://localhost:443' });
  });

  it('takes proxies as addresses and networks, each once', () => {
    const { config } = readConfig({ CONVEY_TRUSTED_PROXIES: '10.0.0.0/8, ::1,10.0.0.0/8' });
    expect(config.trustedProxies).toEqual(['10.0.0.0/8', '::1']);
    for (const value of ['all', '10.0.0.0/33', '10.0.0.1,', 'loopback', '0'])
      expect(problemsOf({ CONVEY_TRUSTED_PROXIES: value })).toHaveProperty('CONVEY_TRUSTED_PROXIES');
  });

  it('takes a provider to sign in with only whole, over HTTPS unless it is on this machine', () => {
    const whole = { CONVEY_OIDC_ISSUER: 'https://id.example/realm', CONVEY_OIDC_CLIENT_ID: 'convey' };
    expect(readConfig(whole).config).toMatchObject({
      oidcIssuer: 'https://id.example/realm',
      oidcJoin: undefined,
    });
    expect(readConfig({ ...whole, CONVEY_OIDC_ISSUER: 'http://127.0.0.1:9' }).warnings).toEqual([]);
    expect(problemsOf({ CONVEY_OIDC_ISSUER: whole.CONVEY_OIDC_ISSUER })).toHaveProperty(
      'CONVEY_OIDC_CLIENT_ID',
    );
    expect(problemsOf({ CONVEY_OIDC_CLIENT_ID: 'convey' })).toHaveProperty('CONVEY_OIDC_ISSUER');
    for (const value of ['http://id.example', 'https://id.example/?x', 'id.example', 'https://me@id.example'])
      expect(problemsOf({ ...whole, CONVEY_OIDC_ISSUER: value })).toHaveProperty('CONVEY_OIDC_ISSUER');
  });

  it('lets nobody join uninvited without naming domains, and nobody as an owner', () => {
    const join = { CONVEY_OIDC_JOIN: 'support:viewer', CONVEY_OIDC_DOMAINS: 'Example.com' };
    expect(readConfig(join).config).toMatchObject({
      oidcJoin: { workspace: 'support', role: 'viewer' },
      oidcDomains: ['example.com'],
    });
    expect(problemsOf({ CONVEY_OIDC_JOIN: 'support:viewer' })).toHaveProperty('CONVEY_OIDC_DOMAINS');
    for (const value of ['support', 'support:owner', 'support:king', ':viewer', 'support:viewer:x'])
      expect(problemsOf({ ...join, CONVEY_OIDC_JOIN: value })).toHaveProperty('CONVEY_OIDC_JOIN');
  });

  it('refuses an owner’s address without the role that serves', () => {
    expect(problemsOf({ DATABASE_ADMIN_URL: 'postgres://owner@db/convey' })).toHaveProperty('DATABASE_URL');
  });

  it('warns of a CONVEY_ variable that no setting reads, and of nothing else', () => {
    const { warnings } = readConfig({ CONVEY_PROT: '1', CONVEY_TEST_SUPERUSER_URL: 'x', HOME: '/root' });
    expect(warnings).toEqual(['CONVEY_PROT is set, but there is no such setting.']);
  });

  it.each([
    ['CONVEY_URL', 'ftp://a.example'],
    ['CONVEY_URL', 'https://user@a.example'],
    ['CONVEY_URL', 'https://a.example/?x'],
    ['CONVEY_PORT', '-1'],
    ['CONVEY_PORT', '1e3'],
    ['CONVEY_PORT', ' 80'],
    ['CONVEY_STORAGE', '/data'],
    ['CONVEY_STORAGE', 'file:'],
    ['CONVEY_INGEST_BODY', '64'],
    ['CONVEY_INGEST_BODY', '64MB'],
    ['CONVEY_INGEST_BODY', '0MiB'],
    ['CONVEY_PRODUCT_NAME', '../etc'],
    ['CONVEY_DIRECT_REPLIES', '0'],
  ])('refuses %s=%s', (name, value) => {
    expect(Object.keys(problemsOf({ [name]: value }))).toEqual([name]);
  });

  it('takes sizes and times with their units', () => {
    const { config } = readConfig({ CONVEY_INGEST_BODY: '1GiB', CONVEY_IDLE_CLIENT: '1500ms' });
    expect(config).toMatchObject({ ingestBodyBytes: 1_073_741_824, idleClientMs: 1500 });
  });
});

it('settingsTable lists every setting once', () => {
  const rows = settingsTable().trim().split('\n').slice(2);
  expect(rows).toHaveLength(Object.keys(readConfig({}).config).length);
  expect(rows.find((row) => row.includes('CONVEY_PORT'))).toBe(
    '| `CONVEY_PORT` | Port to listen on; 0 takes a free one. | a whole number from 0 to 65535 | `4400` |',
  );
  for (const row of rows) expect(row.match(/(?<!\\)\|/g)).toHaveLength(5);
});

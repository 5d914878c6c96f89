import { ConveyError, errorKind } from './errors.ts';
import { type ExportSettings, exportSettings } from './config/export-settings.ts';
import { type IngestSettings, ingestSettings } from './config/ingest-settings.ts';
import { type JobSettings, jobSettings } from './config/job-settings.ts';
import { type NotifySettings, notifySettings } from './config/notify-settings.ts';
import { type ServerSettings, serverSettings } from './config/server-settings.ts';
import type { Setting, Settings } from './config/setting.ts';
import { type SignInSettings, signInSettings } from './config/sign-in-settings.ts';

export const badSetting = errorKind(
  'config.bad_setting',
  500,
  'The settings are not right, so nothing was started.',
);

/** Every setting, as the program uses it: where each value comes from is said beside it, in `config/`. */
export interface Config
  extends ServerSettings,
    IngestSettings,
    ExportSettings,
    JobSettings,
    SignInSettings,
    NotifySettings {}

const settings: Settings<Config> = {
  ...serverSettings,
  ...ingestSettings,
  ...exportSettings,
  ...jobSettings,
  ...signInSettings,
  ...notifySettings,
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

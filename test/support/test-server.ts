import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKey } from '../../src/access/access.commands.ts';
import type { ApiKeyScope } from '../../src/access/permissions.ts';
import { readConfig } from '../../src/config.ts';
import type { Database } from '../../src/database/connect.ts';
import type { RunningServer } from '../../src/http/start-server.ts';
import { assembleInstallation, type Installation } from '../../src/installation.ts';
import { createLog, type LogFields } from '../../src/log.ts';
import { serve } from '../../src/server.ts';

export interface TestServer {
  url: string;
  installation: Installation;
  /** What the server wrote into its log. */
  logged: LogFields[];
  /** Makes a key of a workspace and gives it as an Authorization header. */
  authorize(workspaceId: string, scopes?: readonly ApiKeyScope[]): Promise<{ authorization: string }>;
  stop(): Promise<void>;
}

/** A whole server over a test database, listening on a free port of this machine. */
export async function startTestServer(
  database: Database,
  settings: Record<string, string> = {},
  options: { webDir?: URL } = {},
): Promise<TestServer> {
  const homeDir = await mkdtemp(join(tmpdir(), 'convey-server-'));
  const { config } = readConfig({ CONVEY_HOME: homeDir, CONVEY_PORT: '0', ...settings });
  const logged: LogFields[] = [];
  const log = createLog((line) => logged.push(JSON.parse(line) as LogFields));
  const installation = { ...(await assembleInstallation(config, log, database)), passwordCost: 4 };
  const server: RunningServer = await serve(installation, options);
  return {
    url: server.url,
    installation,
    logged,
    authorize: async (workspace, scopes = ['export:create']) => {
      const { text } = await createKey(database, { workspace, name: 'test', scopes });
      return { authorization: `Bearer ${text}` };
    },
    stop: async () => {
      await server.stop(0);
      await installation.close();
      await rm(homeDir, { recursive: true, force: true });
    },
  };
}

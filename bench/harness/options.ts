import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

const HELP = `npm run bench -- [options]
  --conversations N   size of the workspace (ten messages each); default 200000
  --runs N            measured runs of each case; default 5
  --only a,b          only these cases
  --no-tenth          not also at a tenth of the size
  --add               keep what the results have and put this run's cases among it, in place of the same ones
  --ingest N          conversations that are ingested; default as --conversations
  --seconds N         length of each small-request run; default 10 (2 for small sizes)
  --home DIR          keep the embedded database there and use what it holds already
  --keep              keep the temporary home, or the databases in --database
  --database URL      measure this server (superuser's address) instead of the embedded one
  --output FILE       write the results there, and leave docs/performance.md alone
  --check             compare the contents of ours and the peers' files instead of measuring
  --report            only write docs/performance.md again from bench/results/export.json
`;

/** What `npm run bench` was asked for. */
export interface BenchOptions {
  conversations: number;
  runs: number;
  only: ReadonlySet<string> | undefined;
  hasTenth: boolean;
  adds: boolean;
  ingestConversations: number;
  seconds: number;
  homeDir: string | undefined;
  keep: boolean;
  databaseUrl: string | undefined;
  output: string | undefined;
  mode: 'measure' | 'check' | 'report' | 'help';
}

/** A tenth of fewer says nothing about growth. */
const LEAST_WITH_TENTH = 1000;
const LARGE = 10_000;

/** Reads the arguments. Throws on what it does not know; `help` prints what there is. */
export function readOptions(args: string[]): BenchOptions {
  const { values } = parseArgs({
    args,
    options: {
      conversations: { type: 'string', default: '200000' },
      runs: { type: 'string', default: '5' },
      only: { type: 'string' },
      'no-tenth': { type: 'boolean', default: false },
      add: { type: 'boolean', default: false },
      ingest: { type: 'string' },
      seconds: { type: 'string' },
      home: { type: 'string' },
      keep: { type: 'boolean', default: false },
      database: { type: 'string' },
      output: { type: 'string' },
      check: { type: 'boolean', default: false },
      report: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) process.stdout.write(HELP);
  const conversations = whole('--conversations', values.conversations);
  return {
    conversations,
    runs: whole('--runs', values.runs),
    only: values.only === undefined ? undefined : new Set(values.only.split(',')),
    adds: values.add,
    hasTenth: !values['no-tenth'] && conversations >= LEAST_WITH_TENTH,
    ingestConversations: whole('--ingest', values.ingest ?? values.conversations),
    seconds: whole('--seconds', values.seconds ?? (conversations >= LARGE ? '10' : '2')),
    homeDir: values.home === undefined ? undefined : resolve(values.home),
    keep: values.keep,
    databaseUrl: values.database,
    output: values.output === undefined ? undefined : resolve(values.output),
    mode: values.help ? 'help' : values.report ? 'report' : values.check ? 'check' : 'measure',
  };
}

function whole(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${name} takes a whole number, not ${text}`);
  return value;
}

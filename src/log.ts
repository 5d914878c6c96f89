/** Fields of one log line. Never message text, contact names, addresses or host ids: use `ref`s. */
export type LogFields = Record<string, unknown>;

export interface Log {
  info: (message: string, fields?: LogFields) => void;
  warn: (message: string, fields?: LogFields) => void;
  error: (message: string, fields?: LogFields) => void;
}

/** PostgreSQL's class of errors about a value, which their message quotes: it may be anybody's. */
const QUOTES_VALUE = /^22[0-9A-Z]{3}$/;

function plain(value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  const { name, message, stack } = value;
  const { code } = value as { code?: unknown };
  if (typeof code !== 'string' || !QUOTES_VALUE.test(code)) return { name, message, stack };
  return {
    name,
    code,
    stack: stack
      ?.split('\n')
      .filter((line) => /^ +at /.test(line))
      .join('\n'),
  };
}

/** A log that writes one JSON object per line to `write` (default: stderr, so that stdout stays data). */
export function createLog(write: (line: string) => void = (line) => process.stderr.write(line)): Log {
  const put =
    (level: string) =>
    (message: string, fields: LogFields = {}) => {
      const rest = Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, plain(value)]));
      write(`${JSON.stringify({ at: new Date().toISOString(), level, message, ...rest })}\n`);
    };
  return { info: put('info'), warn: put('warn'), error: put('error') };
}

/** A log that keeps nothing: for tests and for commands that speak to a person instead. */
export const silentLog: Log = createLog(() => {});

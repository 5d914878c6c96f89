import type { Config } from '../../config.ts';

/** How often something may be asked for. Windows are fixed and begin with their first request. */
export interface Limit {
  doc: string;
  /**
   * What is counted together: all requests of one API key or user, of one workspace, of one workspace to one
   * operation, or of one network (an IPv4 /24, an IPv6 /64).
   */
  per: 'principal' | 'workspace' | 'workspace and operation' | 'network';
  /** Requests in one window; 0: no limit. */
  quota: (config: LimitSettings) => number;
  windowSeconds: number;
  /**
   * When the database cannot count: `serve` all the same (what it serves needs the database as well, and the
   * other bounds hold), or `refuse`, where the limit is what keeps guessing slow.
   */
  uncounted: 'serve' | 'refuse';
  /** Far below the quota, requests are told to the database in batches: see `SharedCounts`. */
  isBatched?: boolean;
}

export type LimitSettings = Pick<Config, 'requestsPerMinute'>;

const exportApi = (doc: string, per: Limit['per'], quota: number, windowSeconds: number): Limit => ({
  doc,
  per,
  quota: () => quota,
  windowSeconds,
  uncounted: 'serve',
});

/** Every limit, by the name that `RateLimit-Policy` tells. Routes name theirs in `config.limits`. */
export const limits = {
  requests: {
    doc: 'Every operation that needs credentials and names no limits of its own.',
    per: 'principal',
    quota: ({ requestsPerMinute }) => requestsPerMinute,
    windowSeconds: 60,
    uncounted: 'serve',
    isBatched: true,
  },
  public: {
    doc: 'What anybody may send without credentials: sign-in, reset, invitations.',
    per: 'network',
    quota: () => 60,
    windowSeconds: 60,
    uncounted: 'refuse',
  },
  'sign-on': {
    doc: 'Going to the other provider and coming back: two for each sign-in, and a whole office is one network.',
    per: 'network',
    quota: () => 300,
    windowSeconds: 60,
    uncounted: 'refuse',
  },
  verify: {
    doc: 'Verifying the audit log, which reads all of it.',
    per: 'principal',
    quota: () => 6,
    windowSeconds: 60,
    uncounted: 'serve',
  },
  // The Data Export API’s own numbers.
  'export-second': exportApi('Each endpoint of the Data Export API.', 'workspace and operation', 10, 1),
  'export-minute': exportApi('The Data Export API.', 'workspace', 100, 60),
  'export-day': exportApi('The Data Export API.', 'workspace', 15_000, 86_400),
} as const satisfies Record<string, Limit>;

export type LimitName = keyof typeof limits;

/**
 * The limits of a route that names none: `requests` where it needs credentials, `public` where it needs none and
 * takes something.
 */
export function limitsOf(route: {
  method: string | string[];
  config?: { permission?: string | undefined; limits?: readonly LimitName[] | undefined };
}): readonly LimitName[] {
  const { permission, limits: own } = route.config ?? {};
  if (own !== undefined) return own;
  if (permission !== undefined) return ['requests'];
  return [route.method].flat().some((method) => !['GET', 'HEAD', 'OPTIONS'].includes(method))
    ? ['public']
    : [];
}

/** A limit with its name and its quota as the settings have it. */
export interface NamedLimit extends Omit<Limit, 'quota'> {
  name: string;
  quota: number;
}

/** The limits of a route that are in force. */
export function limitsInForce(names: readonly LimitName[], settings: LimitSettings): NamedLimit[] {
  return names
    .map((name) => ({ ...limits[name], name, quota: (limits[name] as Limit).quota(settings) }))
    .filter(({ quota }) => quota > 0);
}

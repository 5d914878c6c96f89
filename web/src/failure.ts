/** What a person needs to know of something that went wrong: the fields of a problem document, in our names. */
export interface FailureFacts {
  /** The server's code, or one of this page's own, which begin with `web.`. */
  code: string;
  title: string;
  detail?: string;
  /** HTTP status, where the server answered. */
  status?: number;
  /** Finds the request in the server's log. */
  requestId?: string;
  exportId?: string;
  retryAfterSeconds?: number;
  /** Each thing that was wrong with the request. */
  errors?: readonly { pointer: string; detail: string }[];
}

/** Something went wrong that a person must be told, whoever noticed it: the server or this page. */
export class Failure extends Error implements FailureFacts {
  readonly code: string;
  readonly title: string;
  declare readonly detail?: string;
  declare readonly status?: number;
  declare readonly requestId?: string;
  declare readonly exportId?: string;
  declare readonly retryAfterSeconds?: number;
  declare readonly errors?: FailureFacts['errors'] & {};

  constructor(facts: FailureFacts, options?: ErrorOptions) {
    super(facts.title, options);
    this.code = facts.code;
    this.title = facts.title;
    Object.assign(this, facts);
  }

  /** A caught value as a failure; one that nobody foresaw says what the browser says. */
  static of(error: unknown): Failure {
    if (error instanceof Failure) return error;
    const detail = error instanceof Error ? error.message : String(error);
    return new Failure({ code: 'web.internal', title: 'Something went wrong in this page.', detail });
  }
}

/** The failure that an answer other than 2xx tells of. */
export async function failureOf(response: Response): Promise<Failure> {
  const facts = factsOf(response);
  const type = response.headers.get('content-type') ?? '';
  const problem: Record<string, unknown> = type.startsWith('application/problem+json')
    ? await response.json().catch(() => ({}))
    : {};
  if (typeof problem.code !== 'string' || typeof problem.title !== 'string') {
    // Not from Convey: most often a proxy in front of it.
    const title = 'The server, or something in front of it, refused without saying why.';
    return new Failure({
      ...facts,
      code: 'web.unexpected_reply',
      title,
      detail: `HTTP status ${facts.status}.`,
    });
  }
  return new Failure({
    ...facts,
    code: problem.code,
    title: problem.title,
    ...(typeof problem.detail === 'string' && { detail: problem.detail }),
    ...(typeof problem.request_id === 'string' && { requestId: problem.request_id }),
    ...(Array.isArray(problem.errors) && { errors: problem.errors as FailureFacts['errors'] & {} }),
  });
}

/** What the headers of an answer say that helps to find it again. */
export function factsOf({ status, headers }: Response): Pick<FailureFacts, 'requestId' | 'exportId'> & {
  status: number;
} {
  const requestId = headers.get('x-request-id');
  const exportId = headers.get('convey-export-id');
  const retryAfterSeconds = Number(headers.get('retry-after'));
  return {
    status,
    ...(requestId !== null && { requestId }),
    ...(exportId !== null && { exportId }),
    ...(retryAfterSeconds > 0 && { retryAfterSeconds }),
  };
}

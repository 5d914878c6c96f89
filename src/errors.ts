/** One thing wrong with a request: where (JSON pointer, query key or line) and what it takes instead. */
export interface FieldProblem {
  pointer: string;
  detail: string;
}

/** What one can do about an error, by one request. */
export interface ErrorAction {
  /** For a button. */
  title: string;
  method: 'GET' | 'POST';
  /** Path on this server. */
  href: string;
}

/** What every coded error declares once: the public half, safe to show to anybody. */
export interface ErrorKind {
  /** `<folder>.<reason>`, stable for ever. */
  code: string;
  /** HTTP status when it reaches the web edge. */
  status: number;
  /** One sentence for people: what happened and what to do. */
  title: string;
}

/**
 * An error meant for people. `code`, `status` and `title` come from its kind; `detail` says what was
 * wrong this time and never holds a stack, a path or a secret. Anything else thrown is a plain 500.
 */
export class ConveyError extends Error {
  override readonly name = 'ConveyError';
  readonly kind: ErrorKind;
  readonly detail: string | undefined;
  readonly fields: FieldProblem[];
  readonly action: ErrorAction | undefined;

  constructor(
    kind: ErrorKind,
    detail?: string,
    options: { fields?: FieldProblem[]; action?: ErrorAction; cause?: unknown } = {},
  ) {
    super(detail === undefined ? kind.title : `${kind.title} ${detail}`, { cause: options.cause });
    this.kind = kind;
    this.detail = detail;
    this.fields = options.fields ?? [];
    this.action = options.action;
  }

  get code(): string {
    return this.kind.code;
  }
}

const kinds = new Map<string, ErrorKind>();

/**
 * Declares an error kind. Each capability keeps its own in `<folder>.errors.ts`; the error page in the
 * docs is generated from all of them. Declaring a code twice is a programming error and throws.
 */
export function errorKind(code: string, status: number, title: string): ErrorKind {
  if (kinds.has(code)) throw new Error(`error code ${code} is declared twice`);
  const kind = { code, status, title };
  kinds.set(code, kind);
  return kind;
}

/** Every declared error kind, sorted by code. */
export function listErrorKinds(): ErrorKind[] {
  return [...kinds.values()].sort((a, b) => (a.code < b.code ? -1 : 1));
}

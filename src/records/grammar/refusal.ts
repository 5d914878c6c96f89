import type { ErrorKind } from '../../errors.ts';

/** Why a line was not taken. `detail` says what the field takes, never what it held: that may be personal. */
export interface Rejection {
  code: string;
  /** The field, dotted (`author.id`); empty when it is the line as a whole. */
  field: string;
  detail: string;
}

/** Thrown while a line is read; becomes its rejection. */
export class Refusal extends Error {
  readonly kind: ErrorKind;
  readonly field: string;

  constructor(kind: ErrorKind, field: string, detail: string = kind.title) {
    super(detail);
    this.kind = kind;
    this.field = field;
  }

  toRejection(): Rejection {
    return { code: this.kind.code, field: this.field, detail: this.message };
  }
}

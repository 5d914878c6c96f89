import { BrowserBuffer, type Bytes } from './bytes.ts';
import { Sha256 } from './sha-256.ts';

// Stands for `node:crypto` in a browser, as far as the verifier asks for it.

class Hash {
  readonly #sha: Sha256;

  constructor(sha = new Sha256()) {
    this.#sha = sha;
  }

  update(data: string | Uint8Array): this {
    this.#sha.update(typeof data === 'string' ? BrowserBuffer.from(data) : data);
    return this;
  }

  copy(): Hash {
    return new Hash(this.#sha.copy());
  }

  digest(encoding: 'hex'): string {
    return BrowserBuffer.from(this.#sha.digest()).toString(encoding);
  }
}

export function createHash(algorithm: 'sha256'): Hash {
  if (algorithm !== 'sha256') throw new Error(`there is no ${String(algorithm)} here`);
  return new Hash();
}

/** Of a public key in PEM: enough to take its fingerprint. */
export function createPublicKey(pem: string): { type: 'public'; export: () => Bytes } {
  const [, base64] = /-----BEGIN PUBLIC KEY-----([^-]+)-----END PUBLIC KEY-----/.exec(pem) ?? [];
  if (base64 === undefined) throw new Error('this is no public key in PEM');
  return { type: 'public', export: () => BrowserBuffer.from(base64, 'base64') };
}

/** Signatures are checked by `check-signature.ts`. */
export function verify(): never {
  throw new Error('a browser verifies in its own way');
}

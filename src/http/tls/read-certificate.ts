import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { ConveyError } from '../../errors.ts';
import { badCertificate } from './tls.errors.ts';

/** Where a certificate and its key are. */
export interface CertificateFiles {
  certFile: string;
  keyFile: string;
}

/** A certificate (with those that vouch for it) and its key, checked to belong together. */
export interface Certificate {
  cert: string;
  key: string;
  /** When the certificate ends. */
  endsAt: Date;
}

/** Reads both files. @throws http.bad_certificate saying which of them is wrong and how */
export async function readCertificate({ certFile, keyFile }: CertificateFiles): Promise<Certificate> {
  const cert = await read('CONVEY_TLS_CERT', certFile);
  const key = await read('CONVEY_TLS_KEY', keyFile);
  const leaf = attempt(
    () => new X509Certificate(cert),
    `CONVEY_TLS_CERT (${certFile}) is no PEM certificate.`,
  );
  const privateKey = attempt(
    () => createPrivateKey(key),
    `CONVEY_TLS_KEY (${keyFile}) is no PEM private key without a password.`,
  );
  if (!leaf.checkPrivateKey(privateKey))
    throw new ConveyError(
      badCertificate,
      `The key in ${keyFile} is not that of the certificate in ${certFile}.`,
    );
  // What the library itself does not like, such as a key that is too short.
  attempt(
    () => createSecureContext({ cert, key }),
    `${certFile} and ${keyFile} are refused by the TLS library.`,
  );
  return { cert, key, endsAt: new Date(leaf.validTo) };
}

async function read(setting: string, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    throw new ConveyError(badCertificate, `${setting}: ${file} cannot be read (${code}).`, { cause });
  }
}

function attempt<T>(work: () => T, problem: string): T {
  try {
    return work();
  } catch (cause) {
    throw new ConveyError(badCertificate, problem, { cause });
  }
}

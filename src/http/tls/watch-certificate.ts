import { stat } from 'node:fs/promises';
import type { Log } from '../../log.ts';
import { type Certificate, type CertificateFiles, readCertificate } from './read-certificate.ts';

/** Once a minute is soon enough for a renewal, and works on every file system, which notices do not. */
const LOOK_EVERY_MS = 60_000;

/** Looks after a certificate's files. */
export interface CertificateWatch {
  /** Looks now. Never throws. */
  look(): Promise<void>;
  stop(): void;
}

/**
 * Reads a certificate, hands it over, and hands it over again whenever its files have changed. A pair that cannot be used is logged as an
 * error, once for each state of the files, and the one before it stays: renewals write two files, one after the
 * other, and in between they do not match.
 * @throws http.bad_certificate when the first cannot be used
 */
export async function watchCertificate(
  files: CertificateFiles,
  use: (certificate: Certificate) => void,
  log: Log,
): Promise<CertificateWatch> {
  let known = await stateOf(files); // before it is read: what is written meanwhile is seen at the next look
  use(await readCertificate(files));
  const look = async () => {
    const now = await stateOf(files);
    if (now === known) return;
    known = now;
    try {
      const certificate = await readCertificate(files);
      use(certificate);
      log.info('the certificate was read again', { ends_at: certificate.endsAt.toISOString() });
    } catch (error) {
      log.error('the new certificate cannot be used; the one before it stays', { error });
    }
  };
  const timer = setInterval(() => void look(), LOOK_EVERY_MS).unref();
  return { look, stop: () => clearInterval(timer) };
}

/** What changes when a file is written, replaced, or (as with mounted secrets) linked to another. */
async function stateOf({ certFile, keyFile }: CertificateFiles): Promise<string> {
  const states = [certFile, keyFile].map((file) =>
    stat(file, { bigint: true }).then(
      ({ ino, size, mtimeNs, ctimeNs }) => `${ino} ${size} ${mtimeNs} ${ctimeNs}`,
      (error: NodeJS.ErrnoException) => `${error.code}`,
    ),
  );
  return (await Promise.all(states)).join(' ');
}

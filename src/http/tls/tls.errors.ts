import { errorKind } from '../../errors.ts';

export const badCertificate = errorKind(
  'http.bad_certificate',
  500,
  'The certificate for HTTPS cannot be used. See CONVEY_TLS_CERT and CONVEY_TLS_KEY.',
);

import { errorKind } from '../errors.ts';

export const badKeyFile = errorKind(
  'keys.bad_key_file',
  500,
  'The file with the master key cannot be used, so nothing can be encrypted or decrypted.',
);
export const keyFileMissing = errorKind(
  'keys.key_file_missing',
  500,
  'The master key is gone, and stored files are encrypted under it. Put the file back, or set CONVEY_MASTER_KEY.',
);
export const unknownMasterKey = errorKind(
  'keys.unknown_master_key',
  500,
  'A stored file is encrypted under a master key that this server does not have. Add it to CONVEY_MASTER_KEY or the key file.',
);
export const wrongMasterKey = errorKind(
  'keys.wrong_master_key',
  500,
  'The master key is not the one that what is stored is encrypted under. Put the right one into CONVEY_MASTER_KEY or the key file.',
);
export const rotationRunning = errorKind(
  'keys.rotation_running',
  409,
  'Another process is rotating the master key. Wait for it, then try again.',
);

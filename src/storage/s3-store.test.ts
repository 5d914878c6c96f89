import { randomBytes } from 'node:crypto';
import { describe } from 'vitest';
import { MasterKeys } from '../keys/master-keys.ts';
import { EncryptedStore } from './encrypted-store.ts';
import { hasServer, openTestStore } from './s3-store.fixture.ts';
import { describeObjectStore } from './store-contract.ts';

describe.skipIf(!hasServer)('on a real server', () => {
  describeObjectStore('S3Store', () => openTestStore(), { mayBreakOffReads: true });

  const masterKeys = new MasterKeys({ keys: [randomBytes(32)] });
  describeObjectStore(
    'EncryptedStore over S3Store',
    async () => {
      const { store, remove } = await openTestStore();
      return { store: new EncryptedStore(store, masterKeys), remove };
    },
    { mayBreakOffReads: true },
  );
});

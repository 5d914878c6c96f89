import { randomBytes } from 'node:crypto';
import type { S3Tuning } from './s3-bucket.ts';
import { parseS3Location, type S3Location } from './s3-location.ts';
import { S3Store } from './s3-store.ts';
import type { StoreUnderTest } from './store-contract.ts';

/** Whether there is a server that the tests may use. */
export const hasServer: boolean = Boolean(process.env['CONVEY_TEST_S3']);

if (!hasServer) {
  console.warn(
    '\n*** SKIPPED: tests of the S3 store against a real server. They need CONVEY_TEST_S3 and credentials:\n' +
      '*** `test/support/start-swift.sh FOLDER && source FOLDER/settings` gives both.\n',
  );
}

/** A place in the tests' bucket that no other test uses, with other parameters if wanted. */
export function freshLocation(parameters: Record<string, string> = {}): string {
  const [place = '', query] = process.env['CONVEY_TEST_S3']!.split('?');
  const values = new URLSearchParams(query);
  for (const [name, value] of Object.entries(parameters)) values.set(name, value);
  return `${place}/test-${randomBytes(6).toString('hex')}?${values.toString()}`;
}

/** Address of the tests' server. */
export function testEndpoint(): string {
  return parseS3Location(freshLocation()).endpoint!;
}

/** A store of its own for one test. */
export async function openTestStore(
  options: { tuning?: S3Tuning; parameters?: Record<string, string> } = {},
): Promise<StoreUnderTest & { store: S3Store; at: S3Location }> {
  const location = freshLocation(options.parameters);
  const store = await S3Store.open(location, options.tuning);
  return {
    store,
    at: parseS3Location(location),
    remove: async () => {
      for await (const { key } of store.list('')) await store.delete(key);
    },
  };
}

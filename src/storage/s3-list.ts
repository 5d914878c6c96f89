import { ensureKey, type StoredObject } from './object-store.ts';
import type { S3Bucket } from './s3-bucket.ts';
import { translateS3Error } from './s3-errors.ts';

/** Every object below a prefix of keys, a page of up to 1000 at a time; what is no object of ours is passed over. */
export async function* listBucket(
  { s3, bucket, prefix: root }: S3Bucket,
  prefix: string,
): AsyncGenerator<StoredObject> {
  let token: string | undefined;
  do {
    const page = await s3
      .listObjectsV2({
        Bucket: bucket,
        Prefix: root + prefix,
        ...(token !== undefined && { ContinuationToken: token }),
      })
      .catch((error: unknown) => {
        throw translateS3Error(error);
      });
    for (const { Key = '', Size, LastModified } of page.Contents ?? []) {
      const key = keyIn(root, Key);
      if (key !== undefined) yield { key, sizeBytes: Size!, modifiedAt: LastModified! };
    }
    token = page.NextContinuationToken;
  } while (token !== undefined);
}

/** The key of what lies in a bucket under a name, or undefined when that is none of ours: a folder mark, a probe. */
export function keyIn(root: string, name: string): string | undefined {
  if (!name.startsWith(root)) return undefined;
  const key = name.slice(root.length);
  try {
    ensureKey(key);
    return key;
  } catch {
    return undefined;
  }
}

import type { S3 } from '@aws-sdk/client-s3';
import type { S3Bucket } from './s3-bucket.ts';
import { isMissingObject, isMissingUpload, translateS3Error } from './s3-errors.ts';
import { keyIn } from './s3-list.ts';
import { etagOf, type Part } from './s3-upload.ts';

/**
 * Aborts multipart uploads of ours to which nothing was written since the time given; those of others in the
 * same bucket stay. Gives the number aborted.
 */
export async function sweepUploads(bucket: S3Bucket, since: Date): Promise<number> {
  const { s3, bucket: Bucket, prefix } = bucket;
  let aborted = 0;
  try {
    let marker = {};
    while (true) {
      const page = await s3.listMultipartUploads({ Bucket, Prefix: prefix, ...marker });
      for (const { Key = '', UploadId, Initiated } of page.Uploads ?? []) {
        if (keyIn(prefix, Key) === undefined || Initiated! > since) continue;
        if (await abortIdle(bucket, { Bucket, Key, UploadId }, since)) aborted++;
      }
      if (page.IsTruncated !== true) return aborted;
      marker = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker };
    }
  } catch (error) {
    throw translateS3Error(error);
  }
}

/**
 * A long put began long ago and may be running elsewhere: only its newest part tells. And a store that crashed
 * while it completed an upload may list it although the object stands: aborting would take the object's parts.
 */
async function abortIdle(
  { s3 }: S3Bucket,
  upload: { Bucket: string; Key: string; UploadId: string | undefined },
  since: Date,
): Promise<boolean> {
  const { Bucket, Key } = upload;
  try {
    const parts: Part[] = [];
    let marker = {};
    while (true) {
      const page = await s3.listParts({ ...upload, ...marker });
      for (const { PartNumber, ETag, LastModified } of page.Parts ?? []) {
        if (LastModified! > since) return false;
        parts.push({ PartNumber: PartNumber!, ETag: ETag! });
      }
      if (page.IsTruncated !== true) break;
      marker = { PartNumberMarker: page.NextPartNumberMarker };
    }
    if (parts.length > 0 && (await etagAt(s3, { Bucket, Key })) === etagOf(parts)) return false;
    await s3.abortMultipartUpload(upload);
    return true;
  } catch (error) {
    if (isMissingUpload(error)) return false; // finished, or swept by another process
    throw error;
  }
}

async function etagAt(s3: S3, object: { Bucket: string; Key: string }): Promise<string | undefined> {
  try {
    return (await s3.headObject(object)).ETag;
  } catch (error) {
    if (isMissingObject(error)) return undefined;
    throw error;
  }
}

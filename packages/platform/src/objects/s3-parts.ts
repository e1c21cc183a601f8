import type { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  ListMultipartUploadsCommand,
  type PutObjectCommandInput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { s3StatusOf } from './s3-errors.ts';

/** The smallest that S3 takes, since each stream that is written holds up to two of them; 10,000 parts make 48 GiB. */
const partSizeBytes = 5 * 1024 * 1024;

/**
 * Writes a stream of any size, part after part; one that fits into a part is written at once. When it fails midway the parts
 * are given up. Throws what the storage or the stream said.
 */
export async function uploadStream(
  client: S3Client,
  target: Pick<PutObjectCommandInput, 'Bucket' | 'Key' | 'IfNoneMatch'>,
  stream: Readable,
  signal: AbortSignal,
): Promise<void> {
  const abortController = new AbortController();
  const upload = new Upload({
    client,
    params: { ...target, Body: stream },
    partSize: partSizeBytes,
    queueSize: 1,
    abortController,
  });
  const abort = () => abortController.abort(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    await upload.done();
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** Gives up the uploads in parts that began before a time and were not completed. */
export async function abortUploadsBefore(client: S3Client, bucket: string, before: Date): Promise<void> {
  let markers = {};
  for (;;) {
    const page = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket, ...markers }));
    for (const { Key, UploadId, Initiated } of page.Uploads ?? []) {
      if (Initiated === undefined || Initiated >= before) continue;
      await client.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId })).catch(ignoreMissing);
    }
    if (page.IsTruncated !== true) return;
    markers = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker };
  }
}

/** It was completed or given up meanwhile. */
function ignoreMissing(error: unknown): void {
  if (s3StatusOf(error) !== 404) throw error;
}

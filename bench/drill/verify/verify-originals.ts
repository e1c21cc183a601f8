import { createHash } from 'node:crypto';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { z } from 'zod';
import { type Check, type Finding, lost } from './finding.ts';

const row = z.object({ photo_id: z.string(), original_key: z.string() });
const bucket = 'kilas-originals';

/** The bytes of each accepted photo stand in the storage as they were sent. */
export const verifyOriginals: Check = async ({ databases, storage, book }) => {
  const keys = new Map(
    (await databases.query('photo', row, 'select photo_id, original_key from photos')).map((photo) => [
      photo.photo_id,
      photo.original_key,
    ]),
  );
  const client = new S3Client({
    endpoint: storage.url,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: storage.keys,
  });
  const findings: Finding[] = [];
  for (const [photoId, { sha256 }] of book.photos) {
    const key = keys.get(photoId);
    if (key === undefined) continue;
    const found = await readSha256(client, key);
    if (found !== sha256) findings.push(lost(`the original of photo ${photoId} (${found})`));
  }
  client.destroy();
  return findings;
};

async function readSha256(client: S3Client, key: string): Promise<string> {
  try {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
    return createHash('sha256').update(bytes).digest('hex');
  } catch (error) {
    return error instanceof Error ? error.name : String(error);
  }
}

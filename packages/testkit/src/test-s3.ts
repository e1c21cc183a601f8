import path from 'node:path';
import { type S3Server, startS3 } from '@kilas/embedded/s3/start-s3.ts';
import type { Clock } from '@kilas/platform/process/clock.ts';
import type { Env } from '@kilas/platform/process/env.ts';

/** An S3 server below the data folder of a test, with the variables that lead services to it. */
export async function startTestS3(options: {
  dataFolder: string;
  clock: Clock | undefined;
}): Promise<{ server: S3Server; env: Env }> {
  const account = { accessKeyId: 'kilas-test', secretAccessKey: 'a secret that only this test knows' };
  const { dataFolder, clock } = options;
  const server = await startS3({
    folder: path.join(dataFolder, 'objects'),
    ...account,
    ...(clock === undefined ? {} : { linkNow: () => clock.now() }),
  });
  const env = {
    OBJECTS_STORE: 's3',
    S3_ENDPOINT: server.url,
    S3_ACCESS_KEY_ID: account.accessKeyId,
    S3_SECRET_ACCESS_KEY: account.secretAccessKey,
    SPOOL_FOLDER: path.join(dataFolder, 'spool'),
  };
  return { server, env };
}

import type { Clock } from '../process/clock.ts';
import type { Log } from '../process/log.ts';
import { logTrouble } from '../process/trouble-log.ts';
import { FileObjects } from './file-objects.ts';
import type { Buckets, ObjectLister, ObjectStore } from './objects.ts';
import type { ObjectsEnv } from './objects-config.ts';
import { S3Objects } from './s3-objects.ts';

/** Where objects lie, as the configuration says. Nothing is connected yet. */
export function openObjects<Bucket extends string>(
  buckets: Buckets<Bucket>,
  config: ObjectsEnv & { readonly PUBLIC_URL: string },
  { log, clock }: { readonly log: Log; readonly clock: Clock },
): ObjectStore<Bucket> & ObjectLister<Bucket> {
  if (config.OBJECTS_STORE === 's3') {
    return new S3Objects(buckets, config, {
      clock,
      onTrouble: logTrouble(log, clock, 'the object storage is in trouble'),
    });
  }
  return new FileObjects({
    buckets,
    folder: config.OBJECTS_FOLDER,
    signingKey: config.OBJECTS_SIGNING_KEY,
    previousSigningKey: config.OBJECTS_SIGNING_KEY_PREVIOUS,
    publicUrl: config.PUBLIC_URL,
  });
}

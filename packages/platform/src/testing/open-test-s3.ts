import { objectsEnv } from '../objects/objects-config.ts';
import { S3Objects } from '../objects/s3-objects.ts';
import { systemClock } from '../process/clock.ts';
import type { Env } from '../process/env.ts';
import { parseEnv } from '../process/env.ts';

/** Objects on the S3 server of a test, configured as a service would be; `troubles` gets what the log would. */
export function openTestS3(env: Env, troubles: Error[] = []): S3Objects {
  const whole = { OBJECTS_STORE: 's3', S3_ACCESS_KEY_ID: 'kilas', S3_SECRET_ACCESS_KEY: 'not a secret', ...env };
  const config = parseEnv(objectsEnv(whole), whole);
  if (config.OBJECTS_STORE !== 's3') throw new Error('the test wants S3');
  return new S3Objects(['first', 'second', 'third'], config, {
    clock: systemClock,
    onTrouble: (error) => troubles.push(error),
  });
}

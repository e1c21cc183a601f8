import { S3ServiceException } from '@aws-sdk/client-s3';

/** The HTTP status of what an S3 API answered; undefined when it did not answer. */
export function s3StatusOf(error: unknown): number | undefined {
  return error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
}

/**
 * What the log is told: without the address of the request, which for some errors holds keys.
 * `PutObject: SlowDown (503)`, `HeadBucket: connect ECONNREFUSED 10.0.0.2:9000`.
 */
export function describeS3Error(operation: string, error: unknown): Error {
  const status = s3StatusOf(error);
  const name = error instanceof Error ? error.name : 'Error';
  const message = error instanceof Error ? error.message : String(error);
  return new Error(`object storage, ${operation}: ${status === undefined ? message || name : `${name} (${status})`}`);
}

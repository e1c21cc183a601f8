import { S3ServiceException } from '@aws-sdk/client-s3';
import { Code, ConnectError } from '@connectrpc/connect';

/** The HTTP status of what an S3 API answered; undefined when it did not answer. */
export function s3StatusOf(error: unknown): number | undefined {
  return error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
}

/** The object cannot be had or written now, for whatever reason: the edges answer "unavailable", jobs come again. */
export function storageAway(cause: unknown): ConnectError {
  return new ConnectError('the object storage is away', Code.Unavailable, undefined, undefined, cause);
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

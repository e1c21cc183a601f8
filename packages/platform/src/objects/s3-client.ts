import http from 'node:http';
import https from 'node:https';
import { S3Client } from '@aws-sdk/client-s3';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { S3Env } from './objects-config.ts';

/** A request that got no answer, or one that says "later", is sent so often in all. */
const attemptsMax = 3;
const connectTimeoutMs = 3_000;
/** From the first byte sent to the first received; a request carries some mebibytes at most. */
const answerTimeoutMs = 60_000;
/** A connection on which nothing moves. */
const idleTimeoutMs = 30_000;
/** Connections at the same time; further requests wait. */
const socketsMax = 64;

/** A client of an S3 API with bounded tries and waits. Nothing is connected yet. */
export function openS3Client(config: Omit<S3Env, 'OBJECTS_STORE' | 'S3_BUCKET_PREFIX'>): S3Client {
  const connections = { keepAlive: true, maxSockets: socketsMax };
  return new S3Client({
    region: config.S3_REGION,
    forcePathStyle: config.S3_PATH_STYLE,
    ...(config.S3_ENDPOINT === undefined ? {} : { endpoint: config.S3_ENDPOINT }),
    credentials: { accessKeyId: config.S3_ACCESS_KEY_ID, secretAccessKey: config.S3_SECRET_ACCESS_KEY },
    maxAttempts: attemptsMax,
    // Checksums of newer kinds are unknown to many servers; the signature covers the body's SHA-256 in any case.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: new NodeHttpHandler({
      connectionTimeout: connectTimeoutMs,
      requestTimeout: answerTimeoutMs,
      throwOnRequestTimeout: true,
      socketTimeout: idleTimeoutMs,
      httpAgent: new http.Agent(connections),
      httpsAgent: new https.Agent({
        ...connections,
        ...(config.S3_CA_FILE === undefined ? {} : { ca: config.S3_CA_FILE }),
      }),
    }),
  });
}

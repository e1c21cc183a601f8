import { timingSafeEqual } from 'node:crypto';
import S3Error from 's3rver/lib/models/error.js';
import {
  algorithm,
  canonicalRequest,
  hmac,
  queryOf,
  type Scope,
  type SignedRequest,
  sha256Hex,
  signingKey,
  stringToSign,
} from './canonical-request.ts';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** What the judge of a request knows: the one account there is, the region it serves, the time, and that which links end by. */
export interface Judge extends Credentials {
  readonly region: string;
  readonly now: () => Date;
  readonly linkNow: () => Date;
}

/** A signature that was found right, with what is needed to check the body and the signatures of its chunks. */
export interface Verified {
  readonly payloadHash: string;
  readonly signature: string;
  readonly key: Buffer;
  readonly time: string;
  readonly scope: Scope;
}

interface Claim {
  readonly accessKeyId: string;
  readonly scope: Scope;
  readonly time: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly payloadHash: string;
}

const skewMaxMs = 15 * 60_000;
/** A week. */
const linkSecondsMax = 604_800;
const unsigned = 'UNSIGNED-PAYLOAD';

/**
 * Judges the signature of a request, in its header or in its query (Signature Version 4,
 * docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html). Throws an S3Error for one that is missing,
 * wrong, of another account, or too old.
 */
export function verifySignature(request: SignedRequest, judge: Judge): Verified {
  const query = queryOf(request.url);
  const header = request.headers.get('authorization');
  const isLink = query.some(([name]) => name === 'X-Amz-Algorithm');
  if (header === undefined && !isLink) throw new S3Error('AccessDenied', 'Access Denied');
  if (header !== undefined && isLink) throw new S3Error('InvalidArgument', 'Only one auth mechanism allowed');
  const claim =
    header === undefined ? claimOfLink(query, request, judge.linkNow()) : claimOfHeader(header, request, judge.now());
  checkScope(claim, judge);
  checkSignedHeaders(claim, request);
  const key = signingKey(judge.secretAccessKey, claim.scope);
  const canonical = canonicalRequest(request, claim.signedHeaders, claim.payloadHash);
  const expected = hmac(key, stringToSign(claim.time, claim.scope, canonical)).toString('hex');
  if (!sameSecret(expected, claim.signature))
    throw new S3Error('SignatureDoesNotMatch', 'The signature does not match');
  return { payloadHash: claim.payloadHash, signature: expected, key, time: claim.time, scope: claim.scope };
}

function claimOfHeader(header: string, request: SignedRequest, now: Date): Claim {
  const match = /^AWS4-HMAC-SHA256 Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/.exec(
    header,
  );
  if (match === null) throw new S3Error('AuthorizationHeaderMalformed', 'The authorization header is malformed');
  const [, credential = '', signedHeaders = '', signature = ''] = match;
  const time = request.headers.get('x-amz-date') ?? '';
  if (Math.abs(millisecondsOf(time) - now.getTime()) > skewMaxMs) {
    throw new S3Error(
      'RequestTimeTooSkewed',
      'The difference between the request time and the current time is too large',
    );
  }
  const payloadHash = request.headers.get('x-amz-content-sha256');
  if (payloadHash === undefined) throw new S3Error('InvalidRequest', 'Missing header x-amz-content-sha256');
  return { ...credentialOf(credential), time, signedHeaders: signedHeaders.split(';'), signature, payloadHash };
}

function claimOfLink(query: readonly [string, string][], request: SignedRequest, now: Date): Claim {
  const one = (name: string) => {
    const values = query.filter(([known]) => known === name);
    const [first] = values;
    if (first === undefined || values.length > 1) {
      throw new S3Error('AuthorizationQueryParametersError', `The query must have ${name} once`);
    }
    return first[1];
  };
  if (one('X-Amz-Algorithm') !== algorithm) throw new S3Error('AuthorizationQueryParametersError', 'Unknown algorithm');
  const time = one('X-Amz-Date');
  const seconds = one('X-Amz-Expires');
  if (!/^[1-9]\d{0,5}$/.test(seconds) || Number(seconds) > linkSecondsMax) {
    throw new S3Error('AuthorizationQueryParametersError', 'X-Amz-Expires must be between 1 and 604800');
  }
  const signedAt = millisecondsOf(time);
  if (signedAt > now.getTime() + skewMaxMs) throw new S3Error('AccessDenied', 'Request is not yet valid');
  if (signedAt + Number(seconds) * 1000 <= now.getTime()) throw new S3Error('AccessDenied', 'Request has expired');
  return {
    ...credentialOf(one('X-Amz-Credential')),
    time,
    signedHeaders: one('X-Amz-SignedHeaders').split(';'),
    signature: one('X-Amz-Signature'),
    payloadHash: request.headers.get('x-amz-content-sha256') ?? unsigned,
  };
}

function credentialOf(credential: string): { accessKeyId: string; scope: Scope } {
  const [accessKeyId = '', date = '', region = '', service, end, ...rest] = credential.split('/');
  if (service !== 's3' || end !== 'aws4_request' || rest.length > 0) {
    throw new S3Error('AuthorizationHeaderMalformed', 'The credential is malformed');
  }
  return { accessKeyId, scope: { date, region } };
}

function checkScope({ accessKeyId, scope, time }: Claim, judge: Judge): void {
  if (!sameSecret(accessKeyId, judge.accessKeyId)) {
    throw new S3Error('InvalidAccessKeyId', 'The access key does not exist');
  }
  if (scope.region !== judge.region || scope.date !== time.slice(0, 8)) {
    throw new S3Error(
      'AuthorizationHeaderMalformed',
      `The region must be ${judge.region}, the date that of the request`,
    );
  }
}

/** S3 wants the host signed, and every header of its own that came. */
function checkSignedHeaders({ signedHeaders }: Claim, { headers }: SignedRequest): void {
  const needed = ['host', ...[...headers.keys()].filter((name) => name.startsWith('x-amz-'))];
  const missing = needed.find((name) => !signedHeaders.includes(name));
  if (missing !== undefined) throw new S3Error('AccessDenied', `The header ${missing} was not signed`);
}

function millisecondsOf(time: string): number {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(time);
  if (match === null) throw new S3Error('AccessDenied', 'A valid date is required');
  const [, year, month, day, hour, minute, second] = match;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

/** In constant time; the length of neither shows. */
export function sameSecret(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(sha256Hex(a)), Buffer.from(sha256Hex(b)));
}

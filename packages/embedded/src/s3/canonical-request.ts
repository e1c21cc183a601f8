import { createHash, createHmac } from 'node:crypto';

/** What of an HTTP request a signature covers. */
export interface SignedRequest {
  readonly method: string;
  /** As it stands in the request line, with the query. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
}

/** `20260501/us-east-1/s3/aws4_request` in its parts. */
export interface Scope {
  readonly date: string;
  readonly region: string;
}

export const algorithm = 'AWS4-HMAC-SHA256';

/** Name and value of every query parameter, decoded, in the order they came. */
export function queryOf(url: string): [name: string, value: string][] {
  const at = url.indexOf('?');
  if (at < 0 || at === url.length - 1) return [];
  return url
    .slice(at + 1)
    .split('&')
    .map((pair) => {
      const [name = '', ...value] = pair.split('=');
      return [decodeURIComponent(name), decodeURIComponent(value.join('='))];
    });
}

/**
 * The canonical request of Signature Version 4 as S3 wants it: the path is encoded once and not normalised
 * (docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html).
 */
export function canonicalRequest(
  request: SignedRequest,
  signedHeaders: readonly string[],
  payloadHash: string,
): string {
  const [path = ''] = request.url.split('?', 1);
  const query = queryOf(request.url)
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([nameA, valueA], [nameB, valueB]) => compare(nameA, nameB) || compare(valueA, valueB))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  const headers = signedHeaders.map((name) => `${name}:${trimmed(request.headers.get(name) ?? '')}\n`).join('');
  const uri = path
    .split('/')
    .map((part) => encode(decodeURIComponent(part)))
    .join('/');
  return [request.method, uri, query, headers, signedHeaders.join(';'), payloadHash].join('\n');
}

/** What is signed of a canonical request; `time` is `20260501T120000Z`. */
export function stringToSign(time: string, scope: Scope, canonical: string): string {
  return [algorithm, time, scopeText(scope), sha256Hex(canonical)].join('\n');
}

export function scopeText({ date, region }: Scope): string {
  return `${date}/${region}/s3/aws4_request`;
}

export function signingKey(secretAccessKey: string, { date, region }: Scope): Buffer {
  return [region, 's3', 'aws4_request'].reduce(hmac, hmac(`AWS4${secretAccessKey}`, date));
}

export function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

export function sha256Hex(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

function trimmed(value: string): string {
  return value.trim().replace(/ +/g, ' ');
}

/** By code point, which no locale changes. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

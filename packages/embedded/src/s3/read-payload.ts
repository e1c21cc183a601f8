import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import S3Error from 's3rver/lib/models/error.js';
import { hmac, scopeText, sha256Hex } from './canonical-request.ts';
import { sameSecret, type Verified } from './verify-signature.ts';

/** Largest body of one request; what is larger comes in parts. */
const bodySizeMaxBytes = 256 * 1024 * 1024;
const newline = Buffer.from('\r\n');

/**
 * The bytes of a request whose signature was found right: against their SHA-256, or chunk by chunk against the chunks'
 * signatures and the checksum behind them
 * (docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html). Throws an S3Error when they are not what was signed.
 */
export async function readPayload(
  stream: Readable,
  headers: ReadonlyMap<string, string>,
  verified: Verified,
): Promise<Buffer> {
  const body = await readAll(stream);
  const { payloadHash } = verified;
  if (payloadHash.startsWith('STREAMING-')) return readChunks(body, headers, verified);
  if (payloadHash === 'UNSIGNED-PAYLOAD') return body;
  if (!sameSecret(payloadHash, sha256Hex(body))) {
    throw new S3Error('BadDigest', 'The body is not the one that was signed');
  }
  return body;
}

async function readAll(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of stream) {
    sizeBytes += chunk.length;
    if (sizeBytes > bodySizeMaxBytes) throw new S3Error('EntityTooLarge', 'The body is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function readChunks(body: Buffer, headers: ReadonlyMap<string, string>, verified: Verified): Buffer {
  const isSigned = verified.payloadHash.startsWith('STREAMING-AWS4-HMAC-SHA256-PAYLOAD');
  const hasTrailer = verified.payloadHash.endsWith('-TRAILER');
  if (!isSigned && verified.payloadHash !== 'STREAMING-UNSIGNED-PAYLOAD-TRAILER') {
    throw new S3Error('InvalidArgument', 'x-amz-content-sha256 is of no known kind');
  }
  const chunks: Buffer[] = [];
  let previous = verified.signature;
  let at = 0;
  for (;;) {
    const lineEnd = body.indexOf(newline, at);
    if (lineEnd < 0) throw new S3Error('IncompleteBody', 'The body ends within a chunk');
    const [size = '', signature = ''] = body.toString('latin1', at, lineEnd).split(';chunk-signature=');
    if (!/^[0-9a-f]{1,8}$/i.test(size)) throw new S3Error('InvalidRequest', 'The size of a chunk is no number');
    const start = lineEnd + newline.length;
    const data = body.subarray(start, start + Number.parseInt(size, 16));
    if (data.length !== Number.parseInt(size, 16)) throw new S3Error('IncompleteBody', 'The body ends within a chunk');
    if (isSigned) previous = checkChunk(data, signature, previous, verified);
    at = start + data.length;
    if (data.length === 0) break;
    chunks.push(data);
    at += newline.length;
  }
  const content = Buffer.concat(chunks);
  if (String(content.length) !== headers.get('x-amz-decoded-content-length')) {
    throw new S3Error('IncompleteBody', 'The body is not as long as x-amz-decoded-content-length says');
  }
  if (hasTrailer)
    checkTrailer(body.toString('latin1', at), content, headers, isSigned ? previous : undefined, verified);
  return content;
}

/** Answers the chunk's signature, from which the next one follows. */
function checkChunk(data: Buffer, signature: string, previous: string, { key, time, scope }: Verified): string {
  const text = ['AWS4-HMAC-SHA256-PAYLOAD', time, scopeText(scope), previous, sha256Hex(''), sha256Hex(data)].join(
    '\n',
  );
  const expected = hmac(key, text).toString('hex');
  if (!sameSecret(expected, signature)) throw new S3Error('SignatureDoesNotMatch', 'The signature of a chunk is wrong');
  return expected;
}

function checkTrailer(
  text: string,
  content: Buffer,
  headers: ReadonlyMap<string, string>,
  previous: string | undefined,
  { key, time, scope }: Verified,
): void {
  const lines = text.split('\r\n').filter((line) => line !== '');
  const trailers = new Map(
    lines.map((line) => {
      const [name = '', ...value] = line.split(':');
      return [name.trim().toLowerCase(), value.join(':').trim()];
    }),
  );
  const name = headers.get('x-amz-trailer') ?? '';
  const checksum = trailers.get(name);
  if (checksum === undefined) throw new S3Error('InvalidRequest', 'The trailer that was announced is missing');
  if (previous !== undefined) {
    const signed = sha256Hex(`${name}:${checksum}\n`);
    const expected = hmac(key, ['AWS4-HMAC-SHA256-TRAILER', time, scopeText(scope), previous, signed].join('\n'));
    if (!sameSecret(expected.toString('hex'), trailers.get('x-amz-trailer-signature') ?? '')) {
      throw new S3Error('SignatureDoesNotMatch', 'The signature of the trailer is wrong');
    }
  }
  if (checksum !== checksumOf(name, content)) throw new S3Error('BadDigest', 'The checksum of the body is wrong');
}

function checksumOf(name: string, content: Buffer): string {
  switch (name) {
    case 'x-amz-checksum-crc32': {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(crc32(content));
      return bytes.toString('base64');
    }
    case 'x-amz-checksum-sha1':
      return createHash('sha1').update(content).digest('base64');
    case 'x-amz-checksum-sha256':
      return createHash('sha256').update(content).digest('base64');
    default:
      throw new S3Error('NotImplemented', `The checksum ${name} is not known here`);
  }
}

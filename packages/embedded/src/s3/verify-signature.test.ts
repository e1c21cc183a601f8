import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { canonicalRequest, hmac, type SignedRequest, signingKey, stringToSign } from './canonical-request.ts';
import { readPayload } from './read-payload.ts';
import { type Judge, verifySignature } from './verify-signature.ts';

// The examples with their signatures are those of the specification: docs.aws.amazon.com/AmazonS3/latest/API,
// sig-v4-header-based-auth.html, sigv4-query-string-auth.html and sigv4-streaming.html.
const judge: Judge = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  region: 'us-east-1',
  now: () => new Date('2013-05-24T00:00:00Z'),
  linkNow: () => new Date('2013-05-24T00:00:00Z'),
};
const emptyHash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const scope = 'AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request';

const authorization = (signedHeaders: string, signature: string) =>
  `AWS4-HMAC-SHA256 Credential=${scope},SignedHeaders=${signedHeaders},Signature=${signature}`;

const getObject: SignedRequest = {
  method: 'GET',
  url: '/test.txt',
  headers: new Map([
    ['host', 'examplebucket.s3.amazonaws.com'],
    [
      'authorization',
      authorization(
        'host;range;x-amz-content-sha256;x-amz-date',
        'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
      ),
    ],
    ['range', 'bytes=0-9'],
    ['x-amz-content-sha256', emptyHash],
    ['x-amz-date', '20130524T000000Z'],
  ]),
};

const putObject: SignedRequest = {
  method: 'PUT',
  url: '/test%24file.text',
  headers: new Map([
    ['date', 'Fri, 24 May 2013 00:00:00 GMT'],
    ['host', 'examplebucket.s3.amazonaws.com'],
    [
      'authorization',
      authorization(
        'date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class',
        '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
      ),
    ],
    ['x-amz-content-sha256', '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072'],
    ['x-amz-date', '20130524T000000Z'],
    ['x-amz-storage-class', 'REDUCED_REDUNDANCY'],
  ]),
};

const listObjects: SignedRequest = {
  method: 'GET',
  url: '/?max-keys=2&prefix=J',
  headers: new Map([
    ['host', 'examplebucket.s3.amazonaws.com'],
    [
      'authorization',
      authorization(
        'host;x-amz-content-sha256;x-amz-date',
        '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
      ),
    ],
    ['x-amz-content-sha256', emptyHash],
    ['x-amz-date', '20130524T000000Z'],
  ]),
};

const link: SignedRequest = {
  method: 'GET',
  url:
    '/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request' +
    '&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host' +
    '&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
  headers: new Map([['host', 'examplebucket.s3.amazonaws.com']]),
};

const putChunks: SignedRequest = {
  method: 'PUT',
  url: '/examplebucket/chunkObject.txt',
  headers: new Map([
    ['host', 's3.amazonaws.com'],
    ['x-amz-date', '20130524T000000Z'],
    ['x-amz-storage-class', 'REDUCED_REDUNDANCY'],
    [
      'authorization',
      authorization(
        'content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class',
        '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
      ),
    ],
    ['x-amz-content-sha256', 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD'],
    ['content-encoding', 'aws-chunked'],
    ['x-amz-decoded-content-length', '66560'],
    ['content-length', '66824'],
  ]),
};

function chunks(last = 'a'): Readable {
  const body =
    `10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n${'a'.repeat(65_536)}\r\n` +
    `400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n${'a'.repeat(1023)}${last}\r\n` +
    '0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n';
  return Readable.from([Buffer.from(body)]);
}

const withHeader = (request: SignedRequest, name: string, value: string): SignedRequest => ({
  ...request,
  headers: new Map([...request.headers, [name, value]]),
});
const at = (time: string): Judge => ({ ...judge, now: () => new Date(time), linkNow: () => new Date(time) });

test.each([
  ['a GET', getObject],
  ['a PUT with a key that is encoded', putObject],
  ['a GET with a query', listObjects],
  ['a link', link],
  ['a PUT in chunks', putChunks],
])("%s of the specification's examples has the right signature", (_what, request) => {
  expect(() => verifySignature(request, judge)).not.toThrow();
});

test.each([
  ['another method', { ...getObject, method: 'HEAD' }],
  ['another path', { ...getObject, url: '/test.txt2' }],
  ['a query more', { ...getObject, url: '/test.txt?acl=' }],
  ['another header', withHeader(getObject, 'range', 'bytes=0-10')],
  ['another host', withHeader(link, 'host', 'other.s3.amazonaws.com')],
  ['a later end', { ...link, url: link.url.replace('86400', '86401') }],
  ['another key', { ...link, url: link.url.replace('test.txt', 'best.txt') }],
  ['other words in its answer', { ...link, url: `${link.url}&response-content-type=text%2Fhtml` }],
])('%s makes a signature wrong', (_what, request) => {
  expect(() => verifySignature(request, judge)).toThrow('The signature does not match');
});

test('a link ends at its second and not before', () => {
  expect(() => verifySignature(link, at('2013-05-24T23:59:59.999Z'))).not.toThrow();
  expect(() => verifySignature(link, at('2013-05-25T00:00:00Z'))).toThrow('Request has expired');
});

test('a request is refused a quarter of an hour after it was signed', () => {
  expect(() => verifySignature(getObject, at('2013-05-24T00:15:00Z'))).not.toThrow();
  expect(() => verifySignature(getObject, at('2013-05-24T00:15:01Z'))).toThrow('too large');
});

test('who does not sign, is another account, or signs for another region is refused', () => {
  const anonymous = { ...getObject, headers: new Map([['host', 'x']]) };
  expect(() => verifySignature(anonymous, judge)).toThrow('Access Denied');
  expect(() => verifySignature(getObject, { ...judge, accessKeyId: 'OTHER' })).toThrow('The access key does not exist');
  expect(() => verifySignature(getObject, { ...judge, region: 'eu-west-1' })).toThrow('The region must be eu-west-1');
  expect(() => verifySignature(getObject, { ...judge, secretAccessKey: 'wrong' })).toThrow('does not match');
});

test('a header of S3 that was not signed is refused', () => {
  const request = withHeader(getObject, 'x-amz-acl', 'public-read');
  expect(() => verifySignature(request, judge)).toThrow('The header x-amz-acl was not signed');
});

test('a part of a link that stands twice is refused', () => {
  const request = { ...link, url: `${link.url}&X-Amz-Expires=604800` };
  expect(() => verifySignature(request, judge)).toThrow('X-Amz-Expires once');
});

test('the chunks of a body are judged one by one', async () => {
  const verified = verifySignature(putChunks, judge);
  expect((await readPayload(chunks(), putChunks.headers, verified)).toString()).toBe('a'.repeat(66_560));
  await expect(readPayload(chunks('b'), putChunks.headers, verified)).rejects.toThrow('signature of a chunk is wrong');
});

test('a body that is not the one that was signed is refused', async () => {
  const verified = verifySignature(putObject, judge);
  const body = (text: string) => Readable.from([Buffer.from(text)]);
  const read = (text: string) => readPayload(body(text), putObject.headers, verified);
  expect((await read('Welcome to Amazon S3.')).length).toBe(21);
  await expect(read('Welcome to Amazon S4.')).rejects.toThrow('not the one that was signed');
});

test.each([
  ['x-amz-checksum-crc32', 'NhCmhg=='],
  ['x-amz-checksum-sha256', 'LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ='],
])('the checksum behind an unsigned body is judged: %s', async (name, checksum) => {
  const headers = new Map([
    ['host', 's3.amazonaws.com'],
    ['x-amz-date', '20130524T000000Z'],
    ['x-amz-content-sha256', 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'],
    ['x-amz-decoded-content-length', '5'],
    ['x-amz-trailer', name],
  ]);
  const names = [...headers.keys()].sort();
  const region = { date: '20130524', region: 'us-east-1' };
  const canonical = canonicalRequest(
    { method: 'PUT', url: '/b/k', headers },
    names,
    'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
  );
  const key = signingKey(judge.secretAccessKey, region);
  const signature = hmac(key, stringToSign('20130524T000000Z', region, canonical)).toString('hex');
  headers.set('authorization', authorization(names.join(';'), signature));
  const verified = verifySignature({ method: 'PUT', url: '/b/k', headers }, judge);
  const read = (text: string) =>
    readPayload(Readable.from([Buffer.from(`5\r\n${text}\r\n0\r\n${name}:${checksum}\r\n\r\n`)]), headers, verified);
  expect((await read('hello')).toString()).toBe('hello');
  await expect(read('jello')).rejects.toThrow('The checksum of the body is wrong');
});

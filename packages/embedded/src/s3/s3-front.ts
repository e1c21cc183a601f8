import { once } from 'node:events';
import { IncomingMessage, type ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import S3rver from 's3rver';
import S3Error from 's3rver/lib/models/error.js';
import { queryOf } from './canonical-request.ts';
import { readPayload } from './read-payload.ts';
import { SoundStore } from './sound-store.ts';
import { type Credentials, type Judge, verifySignature } from './verify-signature.ts';

/** An error as S3 answers it; the status follows from the code. */
export interface S3Answer {
  readonly code: string;
  readonly message: string;
}

interface Target {
  readonly bucket: string;
  readonly key: string;
  readonly uploadId: string | undefined;
  readonly query: ReadonlyMap<string, string>;
}

/** s3rver takes one account for known, and nothing but its name counts. */
const insideAuthorization = 'AWS4-HMAC-SHA256 Credential=S3RVER/x, SignedHeaders=host, Signature=x';

/** Stands before s3rver: judges signatures and bodies, and does what s3rver leaves out. Changes happen one after another. */
export class S3Front {
  readonly #judge: Judge;
  readonly #store: SoundStore;
  readonly #inside: ReturnType<S3rver['callback']>;
  #changes: Promise<unknown> = Promise.resolve();

  constructor(options: Credentials & { folder: string; region?: string; linkNow?: () => Date }) {
    const { accessKeyId, secretAccessKey } = options;
    this.#judge = {
      accessKeyId,
      secretAccessKey,
      region: options.region ?? 'us-east-1',
      now: () => new Date(),
      linkNow: options.linkNow ?? (() => new Date()),
    };
    const s3rver = new S3rver({ directory: options.folder, silent: true, vhostBuckets: false });
    this.#store = new SoundStore(options.folder);
    s3rver.store = this.#store;
    s3rver.context.store = this.#store;
    this.#inside = s3rver.callback();
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const headers = headersOf(request);
      const { method = '', url = '' } = request;
      const verified = verifySignature({ method, url, headers }, this.#judge);
      const body = await readPayload(request, headers, verified);
      const target = targetOf(url);
      if (method === 'GET' || method === 'HEAD') await this.#answer(request, response, target, body);
      else await this.#inTurn(() => this.#answer(request, response, target, body));
    } catch (error) {
      answerError(request, response, error instanceof S3Error ? error : new S3Error('InternalError', String(error)));
    }
  }

  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.#changes.then(run);
    this.#changes = turn.catch(() => undefined);
    return turn;
  }

  async #answer(request: IncomingMessage, response: ServerResponse, target: Target, body: Buffer): Promise<void> {
    const { bucket, key, uploadId, query } = target;
    if (request.method === 'GET' && key === '' && (query.has('uploads') || query.get('list-type') === '2')) {
      if ((await this.#store.getBucket(bucket)) === null) throw new S3Error('NoSuchBucket', 'There is no such bucket');
      return answerXml(response, await (query.has('uploads') ? this.#listUploads(bucket) : this.#listObjects(target)));
    }
    // s3rver would read through the bucket to answer, the longer the more lies in it.
    if (request.method === 'HEAD' && key === '' && bucket !== '') {
      response.writeHead((await this.#store.getBucket(bucket)) === null ? 404 : 200).end();
      return;
    }
    if (request.method === 'DELETE' && uploadId !== undefined) {
      await this.#store.abortUpload(bucket, uploadId);
      response.writeHead(204).end();
      return;
    }
    const writesObject = request.method === 'PUT' ? uploadId === undefined : uploadId !== undefined;
    if (writesObject && request.headers['if-none-match'] === '*' && (await this.#store.existsObject(bucket, key))) {
      throw new S3Error('PreconditionFailed', 'At least one of the preconditions you specified did not hold');
    }
    // Whoever waited for their turn may be gone by now, and then it closes no more.
    const isOver = response.destroyed || response.writableFinished;
    const ended = isOver ? Promise.resolve() : once(response, 'close');
    await this.#inside(insideRequest(request, body), response);
    await ended;
  }

  /** s3rver would encrypt the place to go on from with a cipher that OpenSSL no longer has. */
  async #listObjects({ bucket, query }: Target): Promise<string> {
    const maxKeys = Math.min(1000, Number(query.get('max-keys') ?? 1000));
    const token = query.get('continuation-token');
    const startAfter =
      token === undefined ? (query.get('start-after') ?? '') : Buffer.from(token, 'base64url').toString();
    const page = { maxKeys, startAfter, prefix: query.get('prefix') ?? '' };
    const { objects, isTruncated } = await this.#store.listObjects(bucket, page);
    const next = Buffer.from(objects.at(-1)?.key ?? '').toString('base64url');
    const end = isTruncated ? `<NextContinuationToken>${next}</NextContinuationToken>` : '';
    const rows = objects.map(
      ({ key, size, lastModifiedDate }) =>
        `<Contents><Key>${escapeXml(key)}</Key><Size>${size}</Size><LastModified>${lastModifiedDate.toISOString()}</LastModified></Contents>`,
    );
    return `<ListBucketResult><Name>${bucket}</Name><IsTruncated>${isTruncated}</IsTruncated>${end}${rows.join('')}</ListBucketResult>`;
  }

  async #listUploads(bucket: string): Promise<string> {
    const uploads = await this.#store.listUploads(bucket);
    const rows = uploads.map(
      ({ key, uploadId, startedAt }) =>
        `<Upload><Key>${escapeXml(key)}</Key><UploadId>${uploadId}</UploadId><Initiated>${startedAt.toISOString()}</Initiated></Upload>`,
    );
    return `<ListMultipartUploadsResult><Bucket>${bucket}</Bucket><IsTruncated>false</IsTruncated>${rows.join('')}</ListMultipartUploadsResult>`;
  }
}

export function answerError(request: IncomingMessage, response: ServerResponse, error: S3Error): void {
  request.resume();
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(error.status, { 'content-type': 'application/xml' });
  response.end(request.method === 'HEAD' ? '' : error.toXML());
}

function answerXml(response: ServerResponse, xml: string): void {
  response.writeHead(200, { 'content-type': 'application/xml' });
  response.end(`<?xml version="1.0" encoding="UTF-8"?>\n${xml}`);
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function headersOf(request: IncomingMessage): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (const [name, values = []] of Object.entries(request.headersDistinct)) headers.set(name, values.join(','));
  return headers;
}

function targetOf(url: string): Target {
  const [path = ''] = url.split('?', 1);
  const [, bucket = '', ...key] = path.split('/').map(decodeURIComponent);
  const query = new Map(queryOf(url));
  return { bucket, key: key.join('/'), uploadId: query.get('uploadId'), query };
}

/** The same request as s3rver is to see it: the plain body, and no word of who asks. */
function insideRequest(request: IncomingMessage, body: Buffer): IncomingMessage {
  const inside = new IncomingMessage(new Socket());
  const [path = ''] = (request.url ?? '').split('?', 1);
  const query = queryOf(request.url ?? '').filter(([name]) => !name.startsWith('X-Amz-') && name !== 'x-id');
  inside.method = request.method;
  inside.url = `${path}?${new URLSearchParams(query)}`;
  inside.headers = { ...request.headers };
  for (const name of ['transfer-encoding', 'content-encoding', 'x-amz-decoded-content-length', 'if-none-match']) {
    delete inside.headers[name];
  }
  inside.headers.authorization = insideAuthorization;
  inside.headers['x-amz-content-sha256'] = 'UNSIGNED-PAYLOAD';
  inside.headers['x-amz-date'] = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  inside.headers['content-length'] = String(body.length);
  inside.complete = true;
  inside.push(body.length === 0 ? null : body);
  if (body.length > 0) inside.push(null);
  return inside;
}

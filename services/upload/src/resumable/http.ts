import type { Auth } from '@kilas/identity/auth.ts';
import { identityOf } from '@kilas/identity/identity.ts';
import type { Reason } from '@kilas/messages/problems.ts';
import { refusal, refuse } from '@kilas/messages/refuse.ts';
import type { HttpApp } from '@kilas/platform/http/http-app.ts';
import { brokenOff } from '@kilas/platform/http/receiving.ts';
import { localeOf } from '@kilas/platform/problems/problem.ts';
import { newId } from '@kilas/platform/process/ids.ts';
import { listOf } from '@kilas/platform/values/bounds.ts';
import { Server } from '@tus/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { UploadContext } from '../context.ts';
import { guestOf } from '../places.ts';
import { findBegun } from './begin-upload.ts';
import { RequestBody } from './request-body.ts';
import { tellUploads } from './resumable-store.ts';
import { item, itemOfFinished, itemOfTold } from './tell-item.ts';
import { TusStore } from './tus-store.ts';

const path = '/v1/uploads/tus';
const partType = 'application/offset+octet-stream';
const version = '1.0.0';
const extensions = 'creation,creation-with-upload,checksum,termination,expiration';
const toldAtOnceMax = 500;

const tags = ['uploads'];
const security = [{ bearer: [] }];
const params = z.strictObject({ uploadId: z.guid() });
const creation = z.object({
  'idempotency-key': z
    .guid()
    .optional()
    .describe('Becomes the id of the upload: sent again with it, the same creation is answered with what became of it'),
});
const nothing = z.null();

/** Headers of the protocol, which pages of other origins may read. */
const exposedHeaders = [
  'x-request-id',
  'retry-after',
  'location',
  'tus-resumable',
  'tus-version',
  'tus-extension',
  'tus-max-size',
  'tus-checksum-algorithm',
  'upload-offset',
  'upload-length',
  'upload-metadata',
  'upload-expires',
];
const config = { cors: { exposedHeaders } };

/** Resumable uploads by tus 1.0, https://tus.io/protocols/resumable-upload, and what became of them. */
export function registerResumableHttp(app: HttpApp, ctx: UploadContext, auth: Auth): void {
  const onRequest = auth.role('creator', 'CREATOR_REQUIRED');
  app.register(async (scope) => {
    // Left to whoever knows how much of it is wanted.
    scope.addContentTypeParser(partType, (_request, _body, done) => done(null));
    scope.addHook('onRequest', async (_request, reply) => void reply.header('tus-resumable', version));
    const serve = (request: FastifyRequest, reply: FastifyReply) => answer(ctx, request, reply);

    scope.options(
      path,
      {
        config: { cors: { exposedHeaders, strictPreflight: false, preflightContinue: true } },
        schema: { tags, summary: 'What of tus 1.0 is spoken here', response: { 204: nothing } },
      },
      async (_request, reply) =>
        reply
          .status(204)
          .header('tus-version', version)
          .header('tus-extension', extensions)
          .header('tus-max-size', ctx.config.PHOTO_SIZE_MAX_BYTES)
          .header('tus-checksum-algorithm', 'sha256')
          .send(),
    );
    scope.post(
      path,
      {
        onRequest,
        config,
        schema: {
          tags,
          security,
          summary:
            'Begin a resumable upload (tus 1.0): Upload-Length, and Upload-Metadata with fileName, sha256 and the fields of a photo; the bytes may come with it',
          headers: creation,
          response: { 201: item.optional() },
        },
      },
      async (request, reply) => {
        const { 'idempotency-key': uploadId } = creation.parse(request.headers);
        const { accountId: creatorId } = identityOf(request);
        const sizeBytes = Number(request.headers['upload-length']);
        const begun = uploadId && (await findBegun(ctx, { uploadId, creatorId, sizeBytes }));
        if (!begun) return serve(request, reply);
        request.raw.resume();
        return reply
          .status(201)
          .header('location', `${path}/${begun.uploadId}`)
          .header('upload-offset', begun.offsetBytes)
          .send(itemOfTold(begun, localeOf(request.headers['accept-language'])));
      },
    );
    scope.head(
      `${path}/:uploadId`,
      { onRequest, config, schema: { tags, security, summary: 'How many bytes of my upload are safe', params } },
      serve,
    );
    scope.patch(
      `${path}/:uploadId`,
      {
        onRequest,
        config,
        schema: {
          tags,
          security,
          summary: 'Send the next bytes; the answer to the last ones tells what became of the file',
          params,
          response: { 200: item, 204: nothing },
        },
      },
      serve,
    );
    scope.delete(
      `${path}/:uploadId`,
      {
        onRequest,
        config,
        schema: { tags, security, summary: 'Cancel an upload that has not ended', params, response: { 204: nothing } },
      },
      serve,
    );
  });
  app.post(
    '/v1/uploads/status',
    {
      onRequest,
      schema: {
        tags,
        security,
        summary: 'What became of my resumable uploads; told for seven days after their end',
        body: z.strictObject({ uploadIds: listOf(z.guid(), toldAtOnceMax) }),
        response: { 200: z.object({ items: z.array(item) }) },
      },
    },
    async (request) => {
      const { uploadIds } = request.body;
      const told = await tellUploads(ctx.db, {
        creatorId: identityOf(request).accountId,
        uploadIds,
        now: ctx.clock.now(),
      });
      const locale = localeOf(request.headers['accept-language']);
      return { items: told.map((each) => itemOfTold(each, locale)) };
    },
  );
}

async function answer(ctx: UploadContext, request: FastifyRequest, reply: FastifyReply) {
  const locale = localeOf(request.headers['accept-language']);
  const broken = brokenOff(request);
  const bodySizeBytes = bodySizeOf(request);
  const { accountId: creatorId, timeZone } = identityOf(request);
  const store = new TusStore(ctx, {
    creator: { creatorId, timeZone },
    guest: guestOf(request, creatorId),
    isCreation: request.method === 'POST',
    isPart: request.headers['content-type'] === partType,
    bodySizeBytes,
    sha256: checksumOf(request),
    openBody: (sizeMaxBytes, signals) => new RequestBody(request, sizeMaxBytes, [broken, ...signals]),
  });
  try {
    const { response, failure } = await ask(store, request);
    if (failure !== undefined) {
      const { told } = store;
      // The last part once more, because its answer was lost.
      const isRepeated = Number(request.headers['upload-offset']) + (bodySizeBytes ?? 0) === told?.sizeBytes;
      if (request.method !== 'PATCH' || told === undefined || !isRepeated) throw failure;
      return reply.status(200).header('upload-offset', told.sizeBytes).send(itemOfTold(told, locale));
    }
    for (const name of ['location', 'upload-offset', 'upload-length', 'upload-metadata']) {
      const value = response.headers.get(name);
      if (value !== null) reply.header(name, value);
    }
    const { receiving, outcome } = store;
    const finished = outcome?.finished;
    if (receiving !== undefined && finished === undefined && request.method !== 'DELETE') {
      reply.header('upload-offset', outcome?.offsetBytes ?? receiving.offsetBytes);
      reply.header('upload-expires', receiving.expiresAt.toUTCString());
    }
    if (receiving === undefined || finished === undefined) return reply.status(response.status).send();
    const status = response.status === 204 ? 200 : response.status;
    return reply.status(status).send(itemOfFinished(receiving.uploadId, finished, locale));
  } finally {
    // Many clients read the answer only after they have sent everything.
    request.raw.unpipe();
    request.raw.resume();
  }
}

/** Has @tus/server answer a request, whose body stays with the store. */
async function ask(store: TusStore, request: FastifyRequest): Promise<{ response: Response; failure?: unknown }> {
  let failure: unknown;
  const server = new Server({
    path,
    datastore: store,
    locker: store,
    relativeLocation: true,
    namingFunction: () => String(request.headers['idempotency-key'] ?? newId()).toLowerCase(),
    // The app says which origins may call.
    allowedOrigins: () => false,
    onResponseError: (_request, error) => {
      failure = problemFor(error);
      return undefined;
    },
  });
  const headers = Object.entries(request.headers).flatMap(([name, value]): [string, string][] =>
    /^(tus|upload|content)-/.test(name) && typeof value === 'string' ? [[name, value]] : [],
  );
  const url = new URL(request.url, 'http://upload.invalid');
  const response = await server.handleWeb(new Request(url, { method: request.method, headers }));
  if (failure !== undefined) return { response, failure };
  if (response.status < 400) return { response };
  return { response, failure: protocolError(response.status) };
}

const reasons: Readonly<Record<number, Reason>> = { 404: 'UPLOAD_NOT_FOUND', 409: 'UPLOAD_OFFSET_WRONG' };

/** Errors of the library are objects that say how they are answered; all others are ours. */
function problemFor(error: unknown): unknown {
  if (error instanceof Error || typeof error !== 'object' || error === null || !('status_code' in error)) return error;
  return protocolError(Number(error.status_code));
}

function protocolError(status: number): Error {
  const reason = reasons[status];
  if (reason !== undefined) return refusal(reason);
  return Object.assign(new Error('the request does not keep to tus 1.0'), { statusCode: status });
}

function bodySizeOf({ headers }: FastifyRequest): number | undefined {
  if (headers['transfer-encoding'] !== undefined) return undefined;
  return Number(headers['content-length'] ?? 0);
}

function checksumOf({ headers }: FastifyRequest): string | undefined {
  const checksum = headers['upload-checksum'];
  if (checksum === undefined) return undefined;
  const [algorithm, digest = ''] = String(checksum).split(' ');
  const bytes = Buffer.from(digest, 'base64');
  if (algorithm !== 'sha256' || bytes.length !== 32) refuse('UPLOAD_CHECKSUM_UNKNOWN');
  return bytes.toString('hex');
}

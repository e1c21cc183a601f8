import { refuse } from '@kilas/messages/refuse.ts';
import { formValidator } from '@kilas/platform/http/form.ts';
import type { HttpApp } from '@kilas/platform/http/http-app.ts';
import { contentDisposition } from '@kilas/platform/objects/content-disposition.ts';
import type { FileObjects } from '@kilas/platform/objects/file-objects.ts';
import { ObjectMissing } from '@kilas/platform/objects/objects.ts';
import type { Bucket } from '@kilas/storage/buckets.ts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { UploadContext } from '../context.ts';
import { byteRange } from './byte-range.ts';

const params = z.object({ bucket: z.string(), folder: z.string(), name: z.string() });
const link = z.object({
  expires: z.string().describe('Seconds since 1970'),
  type: z.string(),
  kept: z.literal('true').optional().describe('Browsers keep the bytes until the link ends'),
  name: z.string().optional(),
  signature: z.string(),
});

/** Serves objects that lie in files. Whoever holds a link that this installation signed may have them, and nobody else. */
export function registerObjectHttp(
  app: HttpApp,
  ctx: Pick<UploadContext, 'clock'>,
  objects: FileObjects<Bucket>,
): void {
  const openLink = async (request: FastifyRequest<{ Params: z.output<typeof params> }>, reply: FastifyReply) => {
    const { bucket, folder, name } = request.params;
    const { searchParams } = new URL(request.raw.url ?? '', 'http://objects.invalid');
    const object = objects.verify(bucket, `${folder}/${name}`, searchParams, ctx.clock.now());
    if (object === undefined) refuse('LINK_INVALID');
    const sizeBytes = await objects.sizeOf(object).catch(refuseMissing);
    const { keptSeconds } = object;
    reply
      .type(object.contentType)
      .header('content-disposition', contentDisposition(object.downloadName))
      .header('cache-control', keptSeconds === 0 ? 'private, no-store' : `private, max-age=${keptSeconds}, immutable`)
      .header('content-security-policy', "default-src 'none'; sandbox")
      .header('accept-ranges', 'bytes');
    return { object, sizeBytes };
  };
  const options = {
    // A link that was changed is refused as such, in whatever way it was changed.
    validatorCompiler: formValidator,
    exposeHeadRoute: false,
    schema: { tags: ['objects'], summary: 'The bytes behind a link of this API', params, querystring: link },
  };
  app.get('/v1/objects/:bucket/:folder/:name', options, async (request, reply) => {
    const { object, sizeBytes } = await openLink(request, reply);
    const range = byteRange(request.headers.range, sizeBytes);
    if (range === 'unsatisfiable') {
      reply.header('content-range', `bytes */${sizeBytes}`);
      return refuse('RANGE_UNSATISFIABLE');
    }
    const { stream } = await objects.open(object, range).catch(refuseMissing);
    if (range === undefined) return reply.header('content-length', sizeBytes).send(stream);
    return reply
      .status(206)
      .header('content-range', `bytes ${range.start}-${range.end}/${sizeBytes}`)
      .header('content-length', range.end - range.start + 1)
      .send(stream);
  });
  app.head('/v1/objects/:bucket/:folder/:name', options, async (request, reply) => {
    const { sizeBytes } = await openLink(request, reply);
    return reply.header('content-length', sizeBytes).send();
  });
}

function refuseMissing(error: unknown): never {
  if (error instanceof ObjectMissing) refuse('OBJECT_NOT_FOUND');
  throw error;
}

import { finished } from 'node:stream';
import { refuse } from '@kilas/messages/refuse.ts';
import type { HttpApp } from '@kilas/platform/http/http-app.ts';
import { contentDisposition } from '@kilas/platform/objects/content-disposition.ts';
import { ObjectMissing } from '@kilas/platform/objects/objects.ts';
import { hashOf } from '@kilas/platform/process/ids.ts';
import { networkOf } from '@kilas/platform/shared/rate-limit.ts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { UploadContext } from '../context.ts';
import { byteRange } from '../objects/byte-range.ts';
import { type Archive, layOutArchive } from './archive.ts';
import { findArchive } from './archive-store.ts';
import { ArchivePlaces } from './places.ts';
import { streamArchive } from './stream-archive.ts';

/** A client that takes nothing for so long gives its place back. */
const usualIdleMaxMs = 60_000;

const params = z.object({ token: z.string() });

/** Sends archives to whoever holds their links. */
export function registerArchiveHttp(
  app: HttpApp,
  ctx: Pick<UploadContext, 'db' | 'clock' | 'objects'>,
  idleMaxMs = usualIdleMaxMs,
): void {
  const places = new ArchivePlaces();
  const openLink = async (request: FastifyRequest<{ Params: z.output<typeof params> }>, reply: FastifyReply) => {
    const found = await findArchive(ctx.db, hashOf(request.params.token), ctx.clock.now());
    if (found === undefined) refuse('LINK_INVALID');
    const archive = layOutArchive(found.fileName, found.entries);
    reply
      .type('application/zip')
      .header('content-disposition', contentDisposition(archive.fileName))
      .header('cache-control', 'private, no-store')
      .header('accept-ranges', 'bytes')
      .header('etag', archive.etag);
    return archive;
  };
  const options = {
    exposeHeadRoute: false,
    schema: {
      tags: ['objects'],
      summary: 'The ZIP behind a link of this API: bought photos as they were uploaded',
      description:
        'Its length is known from the start, and a range may begin anywhere. A link that expired while a download was under way lets it end; to go on after a break, ask for a new link: the same photos are the same bytes, and `If-Range` with the `ETag` makes sure of it.',
      params,
    },
  };
  app.get('/v1/archives/:token', options, async (request, reply) => {
    const archive = await openLink(request, reply);
    const { sizeBytes } = archive;
    const range = isOther(request, archive) ? undefined : byteRange(request.headers.range, sizeBytes);
    if (range === 'unsatisfiable') {
      reply.header('content-range', `bytes */${sizeBytes}`);
      return refuse('RANGE_UNSATISFIABLE');
    }
    const part = range ?? { start: 0, end: sizeBytes - 1 };
    await ctx.objects.sizeOf(firstOriginal(archive, part.start)).catch(refuseMissing);
    const leave = places.take({ link: request.params.token, address: networkOf(request.ip) });
    // Also of a client that is gone by now.
    finished(reply.raw, leave);
    reply.raw.setTimeout(idleMaxMs, () => reply.raw.destroy());
    reply.header('content-length', part.end - part.start + 1);
    if (range !== undefined) reply.status(206).header('content-range', `bytes ${part.start}-${part.end}/${sizeBytes}`);
    return reply.send(streamArchive(ctx.objects, archive, part));
  });
  app.head('/v1/archives/:token', options, async (request, reply) => {
    const { sizeBytes } = await openLink(request, reply);
    return reply.header('content-length', sizeBytes).send();
  });
}

/** Whether the client has the beginning of another archive, to which a part of this one does not fit. */
function isOther(request: FastifyRequest, { etag }: Archive): boolean {
  const condition = request.headers['if-range'];
  return condition !== undefined && condition !== etag;
}

/** The original at a place or behind it, or the last one: what a storage that is away cannot give is refused before the first byte. */
function firstOriginal({ pieces }: Archive, start: number) {
  const originals = pieces.flatMap((piece) => ('entry' in piece ? [piece] : []));
  const first = originals.find((piece) => piece.start + piece.sizeBytes > start) ?? originals.at(-1);
  if (first === undefined) throw new Error('an archive holds nothing');
  return { bucket: 'originals', key: first.entry.key } as const;
}

function refuseMissing(error: unknown): never {
  if (error instanceof ObjectMissing) refuse('ARCHIVE_INCOMPLETE');
  throw error;
}

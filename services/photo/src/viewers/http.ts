import type { Auth } from '@kilas/identity/auth.ts';
import { optionalIdentityOf } from '@kilas/identity/identity.ts';
import { refuse } from '@kilas/messages/refuse.ts';
import type { HttpApp } from '@kilas/platform/http/http-app.ts';
import { z } from 'zod';
import type { PhotoContext } from '../context.ts';
import { findPhotoFor, listPreviewKeys } from './photo-details-store.ts';
import { keptFlags, keptFlagsOf, photoView, viewOfPhoto } from './photo-view.ts';
import { previewLinks, signPreviews } from './sign-previews.ts';
import { shareQuery, viewerOf } from './viewer.ts';

/** What a screen draws at once, with room. */
const linkCountMax = 200;

export function registerViewerHttp(app: HttpApp, ctx: PhotoContext, auth: Auth): void {
  app.get(
    '/v1/photos/:photoId',
    {
      onRequest: auth.optional,
      schema: {
        tags: ['photos'],
        summary: 'A photo with links to its watermarked preview',
        security: [{}, { bearer: [] }],
        params: z.object({ photoId: z.guid() }),
        querystring: z.strictObject({ share: shareQuery }),
        response: { 200: photoView.extend(keptFlags.partial().shape).describe('`in…` for who is signed in') },
      },
    },
    async (request) => {
      const viewer = viewerOf(ctx, optionalIdentityOf(request), request.query.share);
      const row = await findPhotoFor(ctx.db, request.params.photoId, viewer);
      if (row === undefined) refuse('PHOTO_NOT_FOUND');
      const view = await viewOfPhoto(ctx, row, viewer.memberId);
      return viewer.memberId === null ? view : { ...view, ...keptFlagsOf(row) };
    },
  );
  app.post(
    '/v1/photos/links',
    {
      onRequest: auth.optional,
      schema: {
        tags: ['photos'],
        summary: `Links to the images of up to ${linkCountMax} photos; those that I may not see are left out`,
        description: 'Changes nothing: it is a POST because so many ids are too long for an address.',
        security: [{}, { bearer: [] }],
        body: z.strictObject({ photoIds: z.array(z.guid()).min(1).max(linkCountMax), share: shareQuery }),
        response: {
          200: z.object({
            items: z.array(previewLinks.extend({ photoId: z.guid(), linksExpireAt: z.iso.datetime() })),
          }),
        },
      },
    },
    async (request) => {
      const { photoIds, share } = request.body;
      const viewer = viewerOf(ctx, optionalIdentityOf(request), share);
      const rows = await listPreviewKeys(ctx.db, [...new Set(photoIds)], viewer);
      const items = rows.map(async (row) => ({ photoId: row.photo_id, ...(await signPreviews(ctx, row)) }));
      return { items: await Promise.all(items) };
    },
  );
}

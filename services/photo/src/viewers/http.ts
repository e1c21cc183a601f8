import type { Auth } from '@kilas/identity/auth.ts';
import { optionalIdentityOf } from '@kilas/identity/identity.ts';
import { refuse } from '@kilas/messages/refuse.ts';
import type { HttpApp } from '@kilas/platform/http/http-app.ts';
import { z } from 'zod';
import type { PhotoContext } from '../context.ts';
import { findPhotoFor } from './photo-details-store.ts';
import { photoView, viewOfPhoto } from './photo-view.ts';
import { shareQuery, viewerOf } from './viewer.ts';

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
        response: { 200: photoView },
      },
    },
    async (request) => {
      const viewer = viewerOf(ctx, optionalIdentityOf(request), request.query.share);
      const row = await findPhotoFor(ctx.db, request.params.photoId, viewer);
      return row === undefined ? refuse('PHOTO_NOT_FOUND') : viewOfPhoto(ctx, row, viewer.memberId);
    },
  );
}

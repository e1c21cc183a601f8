import type { ConnectRouter } from '@connectrpc/connect';
import { PhotoService } from '@kilas/contracts/gen/kilas/photo/v1/photo_service_pb.js';
import { registerRpc } from '@kilas/platform/rpc-server.ts';
import { z } from 'zod';
import type { PhotoContext } from '../context.ts';
import { failPhoto } from './fail-photo.ts';
import { publishPhoto } from './publish-photo.ts';
import { registerPhoto } from './register-photo.ts';

const sale = z.enum(['shared', 'exclusive']);

export function registerPhotoRpc(router: ConnectRouter, ctx: PhotoContext): void {
  registerRpc(
    router,
    PhotoService,
    { registerPhoto: ['upload'], publishPhoto: ['upload'], failPhoto: ['upload'] },
    {
      async registerPhoto(request) {
        const { eventId, place, sale: kind, ...input } = request;
        await registerPhoto(ctx, { ...input, eventId: eventId ?? null, place: place ?? null, sale: sale.parse(kind) });
        return {};
      },
      async publishPhoto(request) {
        const { capturedLocal, capturedOffset, camera, ...input } = request;
        await publishPhoto(ctx, { ...input, capturedLocal, capturedOffset, camera });
        return {};
      },
      async failPhoto({ photoId, reason }) {
        await failPhoto(ctx, photoId, reason);
        return {};
      },
    },
  );
}

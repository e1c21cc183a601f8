import type { ConnectRouter } from '@connectrpc/connect';
import { ConsentWithdrawnSchema } from '@kilas/contracts/gen/kilas/user/v1/events_pb.js';
import { type Subscription, subscribe } from '@kilas/platform/events/events.ts';
import { registerSubscriptions } from '@kilas/platform/events/serve-events.ts';
import type { UploadContext } from '../context.ts';
import type { UploadSchema } from '../db/schema.ts';
import { onPhotosMoved } from '../uploads/on-photos-moved.ts';
import { eraseFacecams } from './erase-facecams.ts';

/** What others tell this service. */
export function subscriptionsOf(ctx: UploadContext): Subscription<UploadSchema>[] {
  return [subscribe('user', ConsentWithdrawnSchema, (tx, event) => eraseFacecams(ctx, tx, event)), onPhotosMoved];
}

export function registerEvents(router: ConnectRouter, ctx: UploadContext): void {
  registerSubscriptions(router, ctx.db, subscriptionsOf(ctx), ctx.log);
}

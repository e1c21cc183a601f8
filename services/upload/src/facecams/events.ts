import type { ConnectRouter } from '@connectrpc/connect';
import { ConsentWithdrawnSchema } from '@kilas/contracts/gen/kilas/user/v1/events_pb.js';
import { registerSubscriptions, subscribe } from '@kilas/platform/events.ts';
import type { UploadContext } from '../context.ts';
import { eraseFacecams } from './erase-facecams.ts';

/** What others tell this service. */
export function registerEvents(router: ConnectRouter, ctx: UploadContext): void {
  registerSubscriptions(router, ctx.db, [
    subscribe('user', ConsentWithdrawnSchema, (tx, event) => eraseFacecams(ctx, tx, event)),
  ]);
}

import { ConsentWithdrawnSchema } from '@kilas/contracts/gen/kilas/user/v1/events_pb.js';
import type { OnDelivered } from '@kilas/platform/events.ts';
import type { UserContext } from '../context.ts';
import { markErasureCompleted } from './consent-store.ts';

/** Writes into the receipt what a service said it removed, once however often it says so. */
export function recordErasure(ctx: UserContext): OnDelivered {
  return async (service, event, effects) => {
    if (event.type !== ConsentWithdrawnSchema.typeName) return;
    await markErasureCompleted(ctx.db, { eventId: event.eventId, service, effects, now: ctx.clock.now() });
  };
}

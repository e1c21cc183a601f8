import { ConsentWithdrawnSchema } from '@kilas/contracts/gen/kilas/user/v1/events_pb.js';
import type { OnDelivered } from '@kilas/platform/events.ts';
import type { UserContext } from '../context.ts';
import { markErased } from './consent-store.ts';

/** Writes into the receipt what a service said it removed, once however often it says so. */
export function recordErasure(ctx: UserContext): OnDelivered {
  return async (service, event, answer) => {
    if (event.type !== ConsentWithdrawnSchema.typeName) return;
    await markErased(ctx.db, { eventId: event.eventId, service, answer, now: ctx.clock.now() });
  };
}

import { ConsentWithdrawnSchema, CutOffFacesDueSchema } from '@kilas/contracts/gen/kilas/user/v1/events_pb.js';
import type { OnDelivered } from '@kilas/platform/events/events.ts';
import type { UserContext } from '../context.ts';
import { markCutOffGone, markErased } from './receipt-store.ts';

/** Writes into the receipt what a service said it removed, and when what it had cut off was gone; once however often it says so. */
export function recordErasure(ctx: UserContext): OnDelivered {
  return async (service, event, answer) => {
    if (event.type === ConsentWithdrawnSchema.typeName) {
      await markErased(ctx.db, { eventId: event.eventId, service, answer, now: ctx.clock.now() });
    }
    const goneAt = answer.proof?.goneAt;
    if (event.type === CutOffFacesDueSchema.typeName && goneAt !== undefined) {
      await markCutOffGone(ctx.db, { erasureId: event.key, service, goneAt });
    }
  };
}

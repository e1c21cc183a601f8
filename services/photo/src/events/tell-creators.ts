import { EventCreatorChangedSchema } from '@kilas/contracts/gen/kilas/photo/v1/events_pb.js';
import type { Transaction } from 'kysely';
import type { PhotoContext } from '../context.ts';
import type { PhotoSchema } from '../db/schema.ts';

/** Has user tell the creator, or the event's owner, of what the other one did. */
export async function tellCreators(
  ctx: Pick<PhotoContext, 'outbox'>,
  tx: Transaction<PhotoSchema>,
  change: {
    eventId: string;
    creatorId: string;
    toldId: string;
    change: 'invited' | 'accepted' | 'declined' | 'left' | 'removed';
  },
): Promise<void> {
  await ctx.outbox.publish(tx, EventCreatorChangedSchema, change.toldId, change);
}

import { CreatorJoinedSchema } from '@kilas/contracts/gen/kilas/user/v1/events_pb.js';
import { takeAttempt } from '@kilas/messages/take-attempt.ts';
import { transact } from '@kilas/platform/db/transact.ts';
import type { UserContext } from '../context.ts';
import { tellChanged } from '../identities/tell-changed.ts';
import { upsertCreator } from './creator-store.ts';

/** Makes the account a creator at once, or changes the display name; others are told in the same transaction. */
export async function becomeCreator(
  ctx: UserContext,
  input: { accountId: string; displayName: string },
): Promise<void> {
  await takeAttempt(ctx.limits.displayNamesByAccount, input.accountId);
  await transact(ctx.db, async (tx) => {
    const hasChanged = await upsertCreator(tx, { ...input, joinedAt: ctx.clock.now() });
    if (!hasChanged) return;
    const event = { creatorId: input.accountId, displayName: input.displayName };
    await ctx.outbox.publish(tx, CreatorJoinedSchema, input.accountId, event);
  });
  await tellChanged(ctx, input.accountId);
}

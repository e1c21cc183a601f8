import { type ConsentWithdrawn, ConsentWithdrawnSchema } from '@kilas/contracts/gen/kilas/user/v1/events_pb.js';
import { type Effects, type Subscription, subscribe } from '@kilas/platform/events/events.ts';
import type { Transaction } from 'kysely';
import type { UploadContext } from '../context.ts';
import type { UploadSchema } from '../db/schema.ts';
import { deleteObjectJob } from '../objects/delete-object.ts';
import { deleteChallengesOfEpoch } from './challenge-store.ts';
import { deleteFacecamsOfEpoch, lockMember, updateErasedEpoch } from './facecam-store.ts';
import { deletePackNotices } from './pack-notice-store.ts';

export function onConsentWithdrawn(ctx: UploadContext): Subscription<UploadSchema> {
  return subscribe('user', ConsentWithdrawnSchema, (tx, event) => eraseFacecams(ctx, tx, event));
}

/** Removes a member's facecams of this epoch and older ones for good: whatever is under way for them writes nothing. */
export async function eraseFacecams(
  ctx: Pick<UploadContext, 'jobs'>,
  tx: Transaction<UploadSchema>,
  { memberId, epoch }: Pick<ConsentWithdrawn, 'memberId' | 'epoch'>,
): Promise<Effects> {
  await lockMember(tx, memberId);
  await updateErasedEpoch(tx, { memberId, epoch });
  await deletePackNotices(tx, memberId);
  await deleteChallengesOfEpoch(tx, { memberId, epoch });
  const erased = await deleteFacecamsOfEpoch(tx, { memberId, epoch });
  const keys = erased.map(({ selfie_key }) => selfie_key).filter((key) => key !== null);
  // Ai hears of the withdrawal itself.
  for (const key of keys) await ctx.jobs.send(tx, deleteObjectJob, { bucket: 'selfies', key });
  return { facecams: erased.length, selfies: keys.length };
}

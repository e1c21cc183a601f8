import { transact } from '@kilas/platform/db/transact.ts';
import { addSeconds } from '@kilas/platform/process/clock.ts';
import type { UploadContext } from '../context.ts';
import { deleteObjectJob } from '../objects/delete-object.ts';
import { deleteSelfieIntent } from './selfie-intent-store.ts';

/** No request is still at work by then, and no storage still has a write to do that nobody waits for. */
const lateAfterSeconds = 3600;

/**
 * Deletes a selfie that no facecam owns, now and, for one that is written late, once more in an hour; nothing happens to one
 * that a facecam has come to own.
 */
export async function discardSelfie(ctx: UploadContext, key: string): Promise<void> {
  const onceMoreAt = addSeconds(ctx.clock.now(), lateAfterSeconds);
  await transact(ctx.db, async (tx) => {
    if (!(await deleteSelfieIntent(tx, key))) return;
    const selfie = { bucket: 'selfies', key } as const;
    await ctx.jobs.send(tx, deleteObjectJob, selfie);
    await ctx.jobs.send(tx, deleteObjectJob, selfie, { startAfter: onceMoreAt });
  });
}

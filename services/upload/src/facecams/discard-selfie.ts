import type { UploadContext } from '../context.ts';
import { deleteObjectJob } from '../objects/delete-object.ts';
import { deleteSelfieIntent } from './selfie-intent-store.ts';

/**
 * Deletes a selfie that no facecam owns; nothing happens to one that a facecam has come to own. With `onceMoreAt` also what a
 * request writes late that stood still meanwhile.
 */
export async function discardSelfie(ctx: UploadContext, key: string, onceMoreAt?: Date): Promise<void> {
  await ctx.db.transaction().execute(async (tx) => {
    if (!(await deleteSelfieIntent(tx, key))) return;
    const selfie = { bucket: 'selfies', key } as const;
    await ctx.jobs.send(tx, deleteObjectJob, selfie);
    if (onceMoreAt !== undefined) await ctx.jobs.send(tx, deleteObjectJob, selfie, { startAfter: onceMoreAt });
  });
}

import { transact } from '@kilas/platform/db/transact.ts';
import { noteThing } from '@kilas/platform/telemetry/spans.ts';
import type { PhotoContext } from '../context.ts';
import { photosFailed } from '../metrics.ts';
import { markRecognitionFailed } from '../photos/photo-store.ts';
import { tellFailed } from '../photos/tell-failed.ts';

/** Ends the recognition of a photo with the reason that its creator is told, once; one that was recognised stays so. */
export async function failRecognition(ctx: PhotoContext, photoId: string, reason: string): Promise<void> {
  noteThing('photo', photoId);
  const isNew = await transact(ctx.db, async (tx) => {
    const creatorId = await markRecognitionFailed(tx, photoId, reason);
    if (creatorId !== undefined) await tellFailed(ctx, tx, { photoId, creatorId, part: 'recognition', reason });
    return creatorId !== undefined;
  });
  if (isNew) photosFailed.add({ part: 'recognition', reason });
}

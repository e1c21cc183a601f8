import { PhotoFailedSchema } from '@kilas/contracts/gen/kilas/photo/v1/events_pb.js';
import type { Transaction } from 'kysely';
import type { PhotoContext } from '../context.ts';
import type { PhotoSchema } from '../db/schema.ts';

/** photo: it is not on sale; recognition: it is, and nobody is found in it. */
export type FailedPart = 'photo' | 'recognition';

/** Has user tell the creator of a photo that failed behind its upload's answer. */
export async function tellFailed(
  ctx: Pick<PhotoContext, 'outbox'>,
  tx: Transaction<PhotoSchema>,
  failure: { photoId: string; creatorId: string; part: FailedPart; reason: string },
): Promise<void> {
  await ctx.outbox.publish(tx, PhotoFailedSchema, failure.creatorId, failure);
}

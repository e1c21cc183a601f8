import { PhotosDeletedSchema } from '@kilas/contracts/gen/kilas/photo/v1/events_pb.js';
import { type Subscription, subscribeWithFollowUp } from '@kilas/platform/events/events.ts';
import type { AiContext } from '../context.ts';
import type { AiSchema } from '../db/schema.ts';
import { tellEndings } from '../facecams/end-confirmed-faces.ts';
import { takeAway } from '../facecams/take-away.ts';
import type { RunningCalls } from '../running-calls.ts';
import { deleteConfirmedTemplates, listConfirmersOf } from '../templates/confirmed-store.ts';
import { deletePhotos } from './delete-photos.ts';

/** Deletes all that is held of photos that their creator deleted; with its photo, a face that a member confirmed ends as a template too. */
export function onPhotosDeleted(ctx: AiContext, calls: RunningCalls): Subscription<AiSchema> {
  return subscribeWithFollowUp(
    'photo',
    PhotosDeletedSchema,
    async (tx, { photoIds }, { occurredAt }) => {
      return { faces: await deletePhotos(tx, photoIds, { askedAt: occurredAt, now: ctx.clock.now() }) };
    },
    ({ photoIds }) =>
      calls.run(async () => {
        for (const { memberId, photoId } of await listConfirmersOf(ctx.db, photoIds)) {
          await takeAway(ctx.db, memberId, (tx) => deleteConfirmedTemplates(tx, memberId, { photoId }));
        }
        await tellEndings(ctx);
      }),
  );
}

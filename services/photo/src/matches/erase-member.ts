import { ConsentWithdrawnSchema } from '@kilas/contracts/gen/kilas/user/v1/events_pb.js';
import { subscribe } from '@kilas/platform/events/events.ts';
import { deleteUnfounded } from '../collections/collection-store.ts';
import type { PhotoSchema } from '../db/schema.ts';
import { markErased } from '../members/member-store.ts';
import { deleteMatchesOfEpoch } from './match-store.ts';

/** Removes a member's matches, with what only they let them keep in lists, and keeps writes of the withdrawn epoch out from now on. */
export const onConsentWithdrawn = subscribe<PhotoSchema, typeof ConsentWithdrawnSchema>(
  'user',
  ConsentWithdrawnSchema,
  async (tx, { memberId, epoch }) => {
    await markErased(tx, memberId, epoch);
    const matches = await deleteMatchesOfEpoch(tx, memberId, epoch);
    return { matches, keptPhotos: await deleteUnfounded(tx, memberId) };
  },
);

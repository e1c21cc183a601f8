import { ConsentWithdrawnSchema } from '@kilas/contracts/gen/kilas/user/v1/events_pb.js';
import { type Effects, subscribe } from '@kilas/platform/events/events.ts';
import type { Transaction } from 'kysely';
import { deleteUnfounded } from '../collections/collection-store.ts';
import type { PhotoSchema } from '../db/schema.ts';
import { markErased } from '../members/member-store.ts';
import { deleteMatchesOfEpoch } from './match-store.ts';

export const onConsentWithdrawn = subscribe<PhotoSchema, typeof ConsentWithdrawnSchema>(
  'user',
  ConsentWithdrawnSchema,
  (tx, { memberId, epoch }) => eraseMember(tx, memberId, epoch),
);

/** Removes a member's matches, with what only they let them keep in lists, and keeps writes of the withdrawn epoch out from now on. */
export async function eraseMember(tx: Transaction<PhotoSchema>, memberId: string, epoch: number): Promise<Effects> {
  await markErased(tx, memberId, epoch);
  const matches = await deleteMatchesOfEpoch(tx, memberId, epoch);
  return { matches, keptPhotos: await deleteUnfounded(tx, memberId) };
}

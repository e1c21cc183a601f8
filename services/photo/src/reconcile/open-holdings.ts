import { openForReading } from '@kilas/platform/db/open-for-reading.ts';
import { systemClock } from '@kilas/platform/process/clock.ts';
import { type HoldingsOptions, menderOn } from '@kilas/platform/service/holdings.ts';
import type { Kysely } from 'kysely';
import { deleteCollections, deleteUnfounded } from '../collections/collection-store.ts';
import { upsertCreator } from '../creators/creator-store.ts';
import type { PhotoSchema } from '../db/schema.ts';
import { deleteWithAll } from '../deletions/delete-photos.ts';
import { eraseMember } from '../matches/erase-member.ts';
import { deleteMatch } from '../matches/match-store.ts';
import { lockErasedEpochs } from '../members/member-store.ts';
import { lockDoomedPhotos } from '../photos/own-photos-store.ts';
import { markFailed, markSoldOut, markUnrecognised } from '../photos/photo-store.ts';
import { addPhoto, type RegisterPhotoInput } from '../photos/register-photo.ts';
import { deleteBought, insertBought } from '../sale/sale-store.ts';
import { holdingsIn } from './held-store.ts';

export async function openHoldings({ databaseUrl, before }: HoldingsOptions) {
  const db = openForReading<PhotoSchema>(databaseUrl);
  return { holds: holdingsIn(db, before), mends: mendsIn(db), close: () => db.destroy() };
}

/** A photo as upload has it. */
export interface UploadedPhoto extends Omit<RegisterPhotoInput, 'photoId' | 'place'> {
  readonly id: string;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly createdAt: Date;
}

interface Thing {
  readonly id: string;
}

function mendsIn(db: Kysely<PhotoSchema>) {
  const mend = menderOn(db);
  return {
    eraseMembers: mend<{ memberId: string; epoch: number }>((tx, { memberId, epoch }) =>
      eraseMember(tx, memberId, epoch),
    ),
    deleteMatches: mend<{ photoId: string; memberId: string }>(async (tx, match) => {
      await lockErasedEpochs(tx, [match.memberId]);
      await deleteMatch(tx, match);
      await deleteUnfounded(tx, match.memberId);
    }),
    /** Nothing is sold of them any more; licences stay. */
    failPhotos: mend<Thing & { reason: string }>((tx, { id, reason }) =>
      markFailed(tx, id, reason, ['raw', 'on_sale']),
    ),
    /** Takes photos into the catalogue that upload knows; not where their event is not there, or not the creator's. */
    rebuildPhotos: mend<UploadedPhoto>((tx, { id: photoId, latitude, longitude, createdAt, ...photo }) => {
      const place = latitude === null || longitude === null ? null : { latitude, longitude };
      return addPhoto(tx, { ...photo, photoId, place }, createdAt);
    }),
    /** Photos that their creator deleted and a restored database brought back. */
    deletePhotos: mend<Thing & { creatorId: string }>(async (tx, { id, creatorId }) => {
      const doomed = await lockDoomedPhotos(tx, { creatorId, photoIds: [id] });
      await deleteWithAll(tx, { creatorId, doomed, now: systemClock.now() });
    }),
    recogniseAgain: mend<Thing>((tx, { id }) => markUnrecognised(tx, id)),
    markSoldOut: mend<{ photoId: string }>((tx, { photoId }) => markSoldOut(tx, [photoId])),
    addBought: mend<{ buyerId: string; photoId: string }>((tx, { buyerId, photoId }) =>
      insertBought(tx, buyerId, [photoId]),
    ),
    deleteBought: mend<{ buyerId: string; photoId: string }>(deleteBought),
    deleteCollections: mend<Thing>((tx, { id }) => deleteCollections(tx, id)),
    nameCreators: mend<Thing & { displayName: string; joinedAt: Date }>((tx, { id, displayName, joinedAt }) =>
      upsertCreator(tx, { creatorId: id, displayName, toldAt: joinedAt }),
    ),
  };
}

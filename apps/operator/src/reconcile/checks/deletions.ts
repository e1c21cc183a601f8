import type { Held } from '@kilas/platform/service/holdings.ts';
import { type AnyCheck, type Check, type Dangling, idOf, type Tally, toAny } from '../check.ts';
import type { Parties } from '../parties.ts';

const seeQueue = 'see docs/runbooks/stuck-queue.md';

/** What one service knows as deleted by its creator is deleted in all: a restored database may have it still. */
export function deletionChecks(parties: Parties): AnyCheck[] {
  return [toAny(deletedInCatalogue(parties)), toAny(deletedInUpload(parties)), toAny(deletedInAi(parties))];
}

interface Thing {
  readonly id: string;
}

/** The catalogue forgot with its restore that it deleted them; ai did not. */
function deletedInCatalogue({ ai, photo, transaction }: Parties): Check<Dangling & { readonly creatorId: string }> {
  return {
    name: 'deleted photos → catalogue',
    advice: 'somebody bought or orders these after the state to which the catalogue was restored: see docs/erasure.md',
    isGrave: true,
    async *find(tally) {
      for await (const { id, creatorId } of stillIn(photo.holds.photos, ai.holds.deleted, tally)) {
        const isOrdered = (await transaction.holds.ordered.find([id])).has(id);
        yield { id, creatorId, ...(isOrdered ? { person: 'ORDERED, AND DELETED BY ITS CREATOR' } : {}) };
      }
    },
    mend: photo.mends.deletePhotos,
  };
}

function deletedInUpload({ photo, upload }: Parties): Check<Dangling> {
  return {
    name: 'deleted photos → uploads',
    advice: seeQueue,
    find: (tally) => stillIn(upload.holds.uploads, photo.holds.deleted, tally),
    mend: upload.mends.deletePhotos,
  };
}

function deletedInAi({ photo, ai }: Parties): Check<Dangling> {
  return {
    name: 'deleted photos → faces',
    advice: seeQueue,
    find: (tally) => stillIn(ai.holds.recognitions, photo.holds.deleted, tally),
    mend: ai.mends.deletePhotos,
  };
}

/** Rows that are held there, though they are known here as deleted. */
async function* stillIn<Row extends Thing>(there: Held<Row>, deleted: Held<Thing>, tally: Tally): AsyncGenerator<Row> {
  for await (const page of deleted.pages()) {
    tally.checked += page.length;
    yield* (await there.find(page.map(idOf))).values();
  }
}

/** Whether the catalogue deleted a photo, perhaps a moment ago, so that others are still to hear of it: see the checks above. */
export async function isDeleted({ holds }: Parties['photo'], photoId: string): Promise<boolean> {
  return (await holds.deleted.find([photoId])).has(photoId);
}

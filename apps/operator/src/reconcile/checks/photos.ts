import { type AnyCheck, type Check, type Dangling, idOf, missingIn, toAny } from '../check.ts';
import type { Parties } from '../parties.ts';
import { isDeleted } from './deletions.ts';

/** Upload and the catalogue, which tell each other of a photo by calls. */
export function photoChecks(parties: Parties): AnyCheck[] {
  return [
    toAny(uploadsWithoutPhoto(parties)),
    toAny(photosWithoutUpload(parties)),
    toAny(stalledUploads(parties)),
    toAny(unrecognisedPhotos(parties)),
  ];
}

function uploadsWithoutPhoto({ upload, photo }: Parties): Check<Dangling> {
  const { photos } = photo.holds;
  return {
    name: 'uploads → photos',
    advice: 'the event of these photos is gone: ask the creator to upload them again',
    async *find(tally) {
      for await (const row of missingIn(photos, upload.holds.uploads, tally, idOf)) {
        if (row.state === 'failed' || (await isDeleted(photo, row.id))) continue;
        yield row;
      }
    },
    mend: async (rows) => {
      const ids = rows.map(idOf);
      await photo.mends.rebuildPhotos([...(await upload.holds.uploads.find(ids)).values()]);
      await upload.mends.deriveAgain([...(await photos.find(ids)).values()]);
    },
  };
}

/** The catalogue's row holds all that upload needs to know, if only the original is there. */
function photosWithoutUpload({
  upload,
  photo,
  transaction,
  objects,
}: Parties): Check<Dangling & { isStored: boolean }> {
  const { photos } = photo.holds;
  return {
    name: 'photos → uploads',
    advice: 'a photo without an original: find it in another backup; without its upload: the creator sent it twice',
    async *find(tally) {
      for await (const { id, status, originalKey } of missingIn(upload.holds.uploads, photos, tally, idOf)) {
        if (status === 'failed' || status === 'removed') continue;
        const isStored = await objects.exists({ bucket: 'originals', key: originalKey });
        const isSold = !isStored && (await transaction.holds.sold.find([id])).has(id);
        yield { id, isStored, ...(isSold ? { person: 'SOLD, AND ITS ORIGINAL IS MISSING' } : {}) };
      }
    },
    mend: async (rows) => {
      const [stored, lost] = [rows.filter(({ isStored }) => isStored), rows.filter(({ isStored }) => !isStored)];
      await photo.mends.failPhotos(lost.map(({ id }) => ({ id, reason: 'ORIGINAL_MISSING' })));
      await upload.mends.rebuildUploads([...(await photos.find(stored.map(idOf))).values()]);
    },
  };
}

interface Stalled extends Dangling {
  readonly state: string;
  readonly failureReason: string | null;
}

/** What is half made and has no job that goes on with it. */
function stalledUploads({ upload, photo }: Parties): Check<Stalled> {
  return {
    name: 'uploads at work → jobs',
    advice: 'see docs/runbooks/stuck-queue.md',
    async *find(tally) {
      for await (const page of upload.holds.uploads.pages()) {
        tally.checked += page.length;
        const photos = await photo.holds.photos.find(page.map(idOf));
        const stalled = page.filter(({ id, state }) => state === 'accepted' || photos.get(id)?.status === 'raw');
        const busy = await upload.holds.busyPhotos.find(stalled.map(idOf));
        yield* stalled.filter(({ id }) => photos.has(id) && !busy.has(id));
      }
    },
    mend: async (rows) => {
      const failed = rows.filter(({ state }) => state === 'failed');
      await photo.mends.failPhotos(
        failed.map(({ id, failureReason }) => ({ id, reason: failureReason ?? 'PROCESSING_FAILED' })),
      );
      await upload.mends.deriveAgain(rows.filter(({ state }) => state !== 'failed'));
    },
  };
}

function unrecognisedPhotos({ upload, photo }: Parties): Check<Dangling> {
  return {
    name: 'photos to recognise → jobs',
    advice: 'see docs/runbooks/stuck-queue.md',
    async *find(tally) {
      for await (const page of photo.holds.photos.pages()) {
        tally.checked += page.length;
        const pending = page.filter(({ status, recognition }) => status === 'on_sale' && recognition === 'pending');
        const ids = pending.map(idOf);
        const [uploads, busy] = [await upload.holds.uploads.find(ids), await upload.holds.busyPhotos.find(ids)];
        yield* pending.filter(({ id }) => uploads.get(id)?.state === 'processed' && !busy.has(id));
      }
    },
    mend: upload.mends.recogniseAgain,
  };
}

import { type AnyCheck, type Check, type Dangling, toAny, unknownOf } from '../check.ts';
import type { Parties } from '../parties.ts';
import type { PhotoRow } from '../photo-row.ts';
import type { UploadRow } from '../upload.ts';

/** Upload and the catalogue, which tell each other of a photo by calls. */
export function photoChecks(parties: Parties): AnyCheck[] {
  return [
    toAny(uploadsWithoutPhoto(parties)),
    toAny(photosWithoutUpload(parties)),
    toAny(stalledUploads(parties)),
    toAny(unrecognisedPhotos(parties)),
  ];
}

function uploadsWithoutPhoto({ upload, photo, before }: Parties): Check<UploadRow & Dangling> {
  return {
    name: 'uploads → photos',
    advice: 'the event of these photos is gone: ask the creator to upload them again',
    async *find(tally) {
      const missing = unknownOf(
        upload.uploads(before),
        tally,
        ({ id }) => id,
        (ids) => photo.listKnown(ids),
      );
      for await (const row of missing) if (row.state !== 'failed') yield row;
    },
    mend: async (rows) => {
      for (const copy of await upload.listOriginals(rows.map(({ id }) => id))) {
        if (await photo.rebuild(copy)) await upload.deriveAgain(copy.id);
      }
    },
  };
}

type LostPhoto = PhotoRow & Dangling & { readonly isStored: boolean };

/** The catalogue's row holds all that upload needs to know, if only the original is there. */
function photosWithoutUpload({ upload, photo, transaction, objects, before }: Parties): Check<LostPhoto> {
  return {
    name: 'photos → uploads',
    advice: 'a photo without an original: find it in another backup; without its upload: the creator sent it twice',
    async *find(tally) {
      const missing = unknownOf(
        photo.photos(before),
        tally,
        ({ id }) => id,
        (ids) => upload.listKnown(ids),
      );
      for await (const row of missing) {
        if (row.status === 'failed' || row.status === 'removed') continue;
        const isStored = await objects.exists({ bucket: 'originals', key: row.originalKey });
        const isSold = !isStored && (await transaction.listSold([row.id])).has(row.id);
        yield { ...row, isStored, ...(isSold ? { person: 'SOLD, AND ITS ORIGINAL IS MISSING' } : {}) };
      }
    },
    mend: async (rows) => {
      for (const row of rows) {
        if (!row.isStored) await photo.fail(row.id, 'ORIGINAL_MISSING');
        else await upload.rebuild(row);
      }
    },
  };
}

/** What is half made and has no job that goes on with it. */
function stalledUploads({ upload, photo, before }: Parties): Check<UploadRow & Dangling> {
  return {
    name: 'uploads at work → jobs',
    advice: 'see docs/runbooks/stuck-queue.md',
    async *find(tally) {
      for await (const page of upload.uploads(before)) {
        tally.checked += page.length;
        const photos = await photo.listPhotos(page.map(({ id }) => id));
        const stalled = page.filter(({ id, state }) => state === 'accepted' || photos.get(id)?.status === 'raw');
        if (stalled.length === 0) continue;
        const busy = await upload.listBusy(stalled.map(({ id }) => id));
        yield* stalled.filter(({ id }) => photos.has(id) && !busy.has(id));
      }
    },
    mend: async (rows) => {
      for (const { id, state, failureReason } of rows) {
        if (state === 'failed') await photo.fail(id, failureReason ?? 'PROCESSING_FAILED');
        else await upload.deriveAgain(id);
      }
    },
  };
}

function unrecognisedPhotos({ upload, photo, before }: Parties): Check<PhotoRow & Dangling> {
  return {
    name: 'photos to recognise → jobs',
    advice: 'see docs/runbooks/stuck-queue.md',
    async *find(tally) {
      for await (const page of photo.photos(before)) {
        tally.checked += page.length;
        const pending = page.filter(({ status, recognition }) => status === 'on_sale' && recognition === 'pending');
        if (pending.length === 0) continue;
        const ids = pending.map(({ id }) => id);
        const [states, busy] = [await upload.listStates(ids), await upload.listBusy(ids)];
        yield* pending.filter(({ id }) => states.get(id) === 'processed' && !busy.has(id));
      }
    },
    mend: async (rows) => {
      for (const { id } of rows) await upload.recogniseAgain(id);
    },
  };
}

import { type AnyCheck, type Check, type Dangling, idOf, missingIn, toAny } from '../check.ts';
import type { Parties } from '../parties.ts';
import { isDeleted } from './deletions.ts';

const seeQueue = 'see docs/runbooks/stuck-queue.md';

/** ai's faces and templates, the facecams of upload and the matches of photo. */
export function faceChecks(parties: Parties): AnyCheck[] {
  return [
    toAny(facesWithoutPhoto(parties)),
    toAny(photosWithoutFaces(parties)),
    toAny(templatesWithoutFacecam(parties)),
    toAny(templatesWithoutConfirmation(parties)),
    toAny(facecamsWithoutTemplate(parties)),
    toAny(matchesWithoutTemplate(parties)),
    toAny(untoldMatches(parties)),
    toAny(untoldRetentions(parties)),
    toAny(untoldMoves(parties)),
  ];
}

type Template = Dangling & { readonly memberId: string };
type Pair = Dangling & { readonly photoId: string; readonly memberId: string };

const pairOf = ({ photoId, memberId }: { readonly photoId: string | null; readonly memberId: string }) =>
  `${photoId} ${memberId}`;
const nameOf = ({ photoId, memberId }: Pick<Pair, 'photoId' | 'memberId'>) => `photo ${photoId}, member ${memberId}`;

function facesWithoutPhoto({ ai, photo }: Parties): Check<Dangling> {
  return {
    name: 'faces → photos',
    advice: seeQueue,
    async *find(tally) {
      for await (const row of missingIn(photo.holds.photos, ai.holds.recognitions, tally, idOf)) {
        if (!(await isDeleted(photo, row.id))) yield row;
      }
    },
    mend: ai.mends.deleteRecognitions,
  };
}

function photosWithoutFaces({ ai, photo, upload }: Parties): Check<Dangling> {
  return {
    name: 'recognised photos → faces',
    advice: seeQueue,
    async *find(tally) {
      for await (const row of missingIn(ai.holds.recognitions, photo.holds.photos, tally, idOf)) {
        if (row.recognition !== 'done') continue;
        if (!(await upload.holds.busyPhotos.find([row.id])).has(row.id)) yield row;
      }
    },
    mend: upload.mends.recogniseAgain,
  };
}

function templatesWithoutFacecam({ ai, upload }: Parties): Check<Template> {
  return {
    name: 'templates → facecams',
    advice: seeQueue,
    find: (tally) => missingIn(upload.holds.facecams, ai.holds.selfieTemplates, tally, idOf),
    mend: ai.mends.deleteTemplates,
  };
}

/** A face is a template only as long as its member says that it is theirs. */
function templatesWithoutConfirmation({ ai, photo }: Parties): Check<Template> {
  return {
    name: 'confirmed faces → confirmed matches',
    advice: seeQueue,
    async *find(tally) {
      for await (const page of ai.holds.confirmedTemplates.pages()) {
        tally.checked += page.length;
        const matches = await photo.holds.matches.find(page.map(pairOf));
        yield* page.filter((face) => matches.get(pairOf(face))?.answer !== 'confirmed');
      }
    },
    mend: ai.mends.deleteTemplates,
  };
}

function facecamsWithoutTemplate({ ai, upload }: Parties): Check<Dangling & { readonly state: string }> {
  return {
    name: 'facecams → templates',
    advice: seeQueue,
    async *find(tally) {
      for await (const row of missingIn(ai.holds.enrolled, upload.holds.facecams, tally, idOf)) {
        if (row.state === 'failed') continue;
        if (!(await upload.holds.busyFacecams.find([row.id])).has(row.id)) yield row;
      }
    },
    mend: async (rows) => {
      const forgotten = await ai.holds.forgotten.find(rows.map(idOf));
      await upload.mends.deleteFacecams([...forgotten.values()]);
      const kept = rows.filter(({ id }) => !forgotten.has(id));
      await upload.mends.failFacecams(kept.filter(({ state }) => state === 'ready'));
      await upload.mends.enrolAgain(kept.filter(({ state }) => state === 'pending'));
    },
  };
}

/** What a member has confirmed stays, also without the facecam that found it. */
function matchesWithoutTemplate({ ai, photo }: Parties): Check<Pair> {
  return {
    name: 'matches → templates',
    advice: seeQueue,
    async *find(tally) {
      const missing = missingIn(ai.holds.enrolled, photo.holds.matches, tally, ({ facecamId }) => facecamId);
      for await (const row of missing) if (row.answer === 'suggested') yield { ...row, id: nameOf(row) };
    },
    mend: photo.mends.deleteMatches,
  };
}

function untoldMatches({ ai, photo, upload }: Parties): Check<Pair> {
  return {
    name: 'matches of ai → matches',
    advice: seeQueue,
    async *find(tally) {
      for await (const page of ai.holds.matches.pages()) {
        tally.checked += page.length;
        const photoIds = page.map(({ photoId }) => photoId);
        const told = await photo.holds.matches.find(page.map(pairOf));
        const photos = await photo.holds.photos.find(photoIds);
        const busy = await upload.holds.busyPhotos.find(photoIds);
        for (const row of page) {
          const photographer = photos.get(row.photoId)?.creatorId;
          // Of a photo that is not there nobody is told, and no member of their own.
          const isTold = photographer !== undefined && photographer !== row.memberId;
          if (isTold && !told.has(pairOf(row)) && !busy.has(row.photoId)) yield { ...row, id: nameOf(row) };
        }
      }
    },
    mend: (rows) => upload.mends.recogniseAgain([...new Set(rows.map((row) => row.photoId))].map((id) => ({ id }))),
  };
}

function untoldRetentions({ ai, photo }: Parties): Check<Dangling & { readonly facesUntil: Date }> {
  return {
    name: 'events → retention of faces',
    advice: seeQueue,
    async *find(tally) {
      for await (const page of photo.holds.events.pages()) {
        tally.checked += page.length;
        const known = await ai.holds.retentions.find(page.map(idOf));
        yield* page.filter(({ id, facesUntil }) => known.get(id)?.facesUntil.getTime() !== facesUntil.getTime());
      }
    },
    mend: ai.mends.setRetentions,
  };
}

/** Faces end with the event of their photo. */
function untoldMoves({ ai, photo }: Parties): Check<Dangling & { readonly eventId: string | null }> {
  return {
    name: 'photos → event of their faces',
    advice: seeQueue,
    async *find(tally) {
      for await (const page of photo.holds.photos.pages()) {
        tally.checked += page.length;
        const known = await ai.holds.recognitions.find(page.map(idOf));
        yield* page.filter(({ id, eventId }) => known.has(id) && known.get(id)?.eventId !== eventId);
      }
    },
    mend: ai.mends.movePhotos,
  };
}

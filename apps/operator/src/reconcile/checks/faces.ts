import type { ConfirmedRow, FaceMatchRow, TemplateRow } from '../ai.ts';
import { type AnyCheck, type Check, type Dangling, toAny, unknownOf } from '../check.ts';
import type { Parties } from '../parties.ts';
import type { EventRow, MatchRow } from '../photo.ts';
import type { PhotoRow } from '../photo-row.ts';
import type { FacecamRow } from '../upload.ts';

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

function facesWithoutPhoto({ ai, photo, before }: Parties): Check<{ id: string }> {
  return {
    name: 'faces → photos',
    advice: seeQueue,
    find: (tally) =>
      unknownOf(
        ai.recognitions(before),
        tally,
        ({ id }) => id,
        (ids) => photo.listKnown(ids),
      ),
    mend: (rows) => ai.deleteRecognitions(rows.map(({ id }) => id)),
  };
}

function photosWithoutFaces({ ai, photo, upload, before }: Parties): Check<PhotoRow & Dangling> {
  return {
    name: 'recognised photos → faces',
    advice: seeQueue,
    async *find(tally) {
      const missing = unknownOf(
        photo.photos(before),
        tally,
        ({ id }) => id,
        (ids) => ai.listRecognised(ids),
      );
      for await (const row of missing) {
        if (row.recognition !== 'done') continue;
        if (!(await upload.listBusy([row.id])).has(row.id)) yield row;
      }
    },
    mend: async (rows) => {
      for (const { id } of rows) await upload.recogniseAgain(id);
    },
  };
}

function templatesWithoutFacecam({ ai, upload, before }: Parties): Check<TemplateRow & Dangling> {
  return {
    name: 'templates → facecams',
    advice: seeQueue,
    find: (tally) =>
      unknownOf(
        ai.selfieTemplates(before),
        tally,
        ({ id }) => id,
        (ids) => upload.listKnownFacecams(ids),
      ),
    mend: (rows) => ai.deleteTemplates(rows.map(({ id }) => id)),
  };
}

/** A face is a template only as long as its member says that it is theirs. */
function templatesWithoutConfirmation({ ai, photo, before }: Parties): Check<ConfirmedRow & Dangling> {
  return {
    name: 'confirmed faces → confirmed matches',
    advice: seeQueue,
    async *find(tally) {
      for await (const page of ai.confirmedTemplates(before)) {
        tally.checked += page.length;
        const confirmed = await photo.listConfirmedPairs(page);
        yield* page.filter(({ photoId, memberId }) => !confirmed.has(`${photoId} ${memberId}`));
      }
    },
    mend: (rows) => ai.deleteTemplates(rows.map(({ id }) => id)),
  };
}

function facecamsWithoutTemplate({ ai, upload, before }: Parties): Check<FacecamRow & Dangling> {
  return {
    name: 'facecams → templates',
    advice: seeQueue,
    async *find(tally) {
      const missing = unknownOf(
        upload.facecams(before),
        tally,
        ({ id }) => id,
        (ids) => ai.listEnrolled(ids),
      );
      for await (const row of missing) {
        if (row.state === 'failed') continue;
        if (!(await upload.listBusyFacecams([row.id])).has(row.id)) yield row;
      }
    },
    mend: async (rows) => {
      const forgotten = await ai.listForgotten(rows.map(({ id }) => id));
      const kept = rows.filter(({ id }) => !forgotten.has(id));
      await upload.deleteFacecams([...forgotten]);
      await upload.failFacecams(kept.filter(({ state }) => state === 'ready').map(({ id }) => id));
      for (const { id } of kept.filter(({ state }) => state === 'pending')) await upload.enrolAgain(id);
    },
  };
}

/** What a member has confirmed stays, also without the facecam that found it. */
function matchesWithoutTemplate({ ai, photo, before }: Parties): Check<MatchRow & Dangling> {
  return {
    name: 'matches → templates',
    advice: seeQueue,
    async *find(tally) {
      const pages = photo.matches(before);
      const missing = unknownOf(
        pages,
        tally,
        ({ facecamId }) => facecamId,
        (ids) => ai.listEnrolled(ids),
      );
      for await (const row of missing) {
        if (row.answer === 'suggested') yield { ...row, id: `photo ${row.photoId}, member ${row.memberId}` };
      }
    },
    mend: (rows) => photo.deleteMatches(rows),
  };
}

function untoldMatches({ ai, photo, upload }: Parties): Check<FaceMatchRow & Dangling> {
  return {
    name: 'matches of ai → matches',
    advice: seeQueue,
    async *find(tally) {
      for await (const page of ai.faceMatches()) {
        tally.checked += page.length;
        const settled = await photo.listSettledPairs(page);
        const untold = page.filter(({ photoId, memberId }) => !settled.has(`${photoId} ${memberId}`));
        if (untold.length === 0) continue;
        const busy = await upload.listBusy(untold.map(({ photoId }) => photoId));
        for (const row of untold) {
          if (!busy.has(row.photoId)) yield { ...row, id: `photo ${row.photoId}, member ${row.memberId}` };
        }
      }
    },
    mend: async (rows) => {
      for (const photoId of new Set(rows.map((row) => row.photoId))) await upload.recogniseAgain(photoId);
    },
  };
}

function untoldRetentions({ ai, photo, before }: Parties): Check<EventRow & Dangling> {
  return {
    name: 'events → retention of faces',
    advice: seeQueue,
    async *find(tally) {
      for await (const page of photo.events(before)) {
        tally.checked += page.length;
        const known = await ai.listRetentions(page.map(({ id }) => id));
        yield* page.filter(({ id, facesUntil }) => known.get(id)?.getTime() !== facesUntil.getTime());
      }
    },
    mend: async (rows) => {
      for (const { id, facesUntil } of rows) await ai.setRetention(id, facesUntil);
    },
  };
}

/** Faces end with the event of their photo. */
function untoldMoves({ ai, photo, before }: Parties): Check<PhotoRow & Dangling> {
  return {
    name: 'photos → event of their faces',
    advice: seeQueue,
    async *find(tally) {
      for await (const page of photo.photos(before)) {
        tally.checked += page.length;
        const known = await ai.listEventsOfPhotos(page.map(({ id }) => id));
        yield* page.filter(({ id, eventId }) => known.has(id) && known.get(id) !== eventId);
      }
    },
    mend: async (rows) => {
      for (const { id, eventId } of rows) await ai.setEventOfPhoto(id, eventId);
    },
  };
}

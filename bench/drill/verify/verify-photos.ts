import { z } from 'zod';
import { type Check, countBy, doubled, exactlyOnce, type Finding, lost, type VerifyContext } from './finding.ts';

const photoRow = z.object({
  photo_id: z.string(),
  creator_id: z.string(),
  sha256: z.string(),
  status: z.string(),
  recognition: z.string(),
  face_count: z.number().nullable(),
  gallery_id: z.string(),
});
const uploadRow = z.object({ photo_id: z.string(), state: z.string() });
const faceRow = z.object({ photo_id: z.string(), face_count: z.number(), faces: z.number() });
const galleryRow = z.object({ gallery_id: z.string(), creator_id: z.string(), face_count: z.coerce.number() });
const ownPhotos = z.object({
  items: z.array(z.object({ photoId: z.string(), status: z.string(), recognition: z.string(), sha256: z.string() })),
  nextCursor: z.string().nullable(),
});

/** Each accepted photo is on sale and recognised, under one id, with its faces counted once; no file became two photos. */
export const verifyPhotos: Check = async (ctx) => {
  const photos = await ctx.databases.query(
    'photo',
    photoRow,
    `select photo_id, creator_id, sha256, status, recognition, face_count, coalesce(event_id, creator_id) as gallery_id
     from photos`,
  );
  const uploads = await ctx.databases.query('upload', uploadRow, 'select photo_id, state from uploads');
  const faces = await ctx.databases.query(
    'ai',
    faceRow,
    `select r.photo_id, r.face_count, count(f.face_id)::int as faces
     from photo_recognitions r left join faces f using (photo_id, pack_id) group by r.photo_id, r.face_count`,
  );
  return [
    ...judgeAccepted(ctx, photos, uploads, faces),
    ...judgeFiles(ctx, photos),
    ...(await judgeGalleries(ctx, photos)),
    ...(await judgeLists(ctx, new Set(photos.map(({ photo_id }) => photo_id)))),
  ];
};

type Photo = z.output<typeof photoRow>;

function judgeAccepted(
  { book }: VerifyContext,
  photos: readonly Photo[],
  uploads: readonly z.output<typeof uploadRow>[],
  faces: readonly z.output<typeof faceRow>[],
): Finding[] {
  const byId = new Map(photos.map((photo) => [photo.photo_id, photo]));
  const stateById = new Map(uploads.map((upload) => [upload.photo_id, upload.state]));
  const facesById = new Map(faces.map((entry) => [entry.photo_id, entry]));
  return [...book.photos].flatMap(([photoId, accepted]): Finding[] => {
    const photo = byId.get(photoId);
    const seen = facesById.get(photoId);
    const upload = stateById.get(photoId) ?? 'absent';
    // Whoever withdraws takes the faces with them in which they were found.
    const isErasable = accepted.shows === 'leaver';
    const name = `photo ${photoId}, accepted at ${(accepted.at / 1000).toFixed(1)} s`;
    if (photo === undefined) return [lost(`${name}: photo does not know it (upload: ${upload})`)];
    if (photo.sha256 !== accepted.sha256) return [lost(`${name}: it stands for another file`)];
    const state = `${photo.status}, recognition ${photo.recognition}, upload ${upload}`;
    const recognition = accepted.isPoison ? 'failed' : 'done';
    if (state !== `on_sale, recognition ${recognition}, upload processed`) return [lost(`${name}: ${state}`)];
    if (accepted.isPoison) return [];
    if (seen === undefined) return [lost(`${name}: ai does not know its faces`)];
    const counted = [photo.face_count ?? 0, seen.face_count, ...(isErasable ? [] : [seen.faces])];
    const wanted = accepted.shows === undefined ? 0 : 1;
    if (counted.some((count) => count < wanted)) return [lost(`${name}: faces ${counted.join(', ')} of ${wanted}`)];
    if (new Set(counted).size > 1) return [doubled(`${name}: faces counted ${counted.join(', ')}`)];
    return [];
  });
}

/** Also of files whose answer was lost: at most one photo each. */
function judgeFiles({ book }: VerifyContext, photos: readonly Photo[]): Finding[] {
  const living = photos.filter(({ status }) => status !== 'failed');
  const rows = [...countBy(living, ({ creator_id, sha256 }) => `${creator_id} ${sha256}`)];
  const answered = [...countBy(book.photos.values(), ({ creatorId, sha256 }) => `${creatorId} ${sha256}`)];
  return [...rows, ...answered].flatMap(([file, count]) =>
    count > 1 ? [doubled(`the file ${file} is ${count} photos`)] : [],
  );
}

async function judgeGalleries(ctx: VerifyContext, photos: readonly Photo[]): Promise<Finding[]> {
  const galleries = await ctx.databases.query('photo', galleryRow, 'select * from galleries');
  return galleries.flatMap(({ gallery_id, creator_id, face_count }) => {
    const own = photos.filter((photo) => photo.gallery_id === gallery_id && photo.creator_id === creator_id);
    const sum = own.reduce((total, photo) => total + (photo.face_count ?? 0), 0);
    if (sum === face_count) return [];
    const what = `the gallery ${gallery_id} counts ${face_count} faces, its photos ${sum}`;
    return [face_count > sum ? doubled(what) : lost(what)];
  });
}

/** What the creators themselves see of the photos that are there. */
async function judgeLists({ world, book }: VerifyContext, known: ReadonlySet<string>): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { person } of world.creators) {
    const listed: z.output<typeof ownPhotos>['items'] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const path = `/v1/creator/photos?limit=100${query}`;
      const page: z.output<typeof ownPhotos> | undefined = await person.call(
        { route: 'creator-photos', path },
        ownPhotos,
      );
      listed.push(...(page?.items ?? []));
      cursor = page?.nextCursor ?? null;
    }
    const counts = countBy(listed, ({ photoId }) => photoId);
    for (const [photoId, { creatorId }] of book.photos) {
      if (creatorId !== person.accountId || !known.has(photoId)) continue;
      findings.push(...exactlyOnce(counts.get(photoId) ?? 0, `photo ${photoId} in its creator's list`));
    }
  }
  return findings;
}

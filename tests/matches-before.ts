import { dlibCalibration } from '@kilas/face-engine/distances/calibration.ts';
import { falseMatchRate, levelOf } from '@kilas/face-engine/distances/level.ts';
import { z } from 'zod';
import { query } from './tables-before.ts';

const foundRow = z.object({
  photo_id: z.string(),
  member_id: z.string(),
  facecam_id: z.string(),
  facecam_count: z.number(),
  consent_epoch: z.number(),
  distance: z.number(),
  box_left: z.number(),
  box_top: z.number(),
  box_width: z.number(),
  box_height: z.number(),
});

/**
 * Writes all matches as the version before found them: by the nearest of a member's facecams, every face for sure, by dlib's distance. The
 * tables of ai and photo are those of that version.
 */
export async function writeMatchesBefore(urls: { readonly ai: string; readonly photo: string }): Promise<void> {
  await query(urls.ai, 'delete from face_matches');
  await query(
    urls.ai,
    `insert into face_matches (photo_id, member_id, pack_id, face_id, facecam_id, consent_epoch, distance)
     select distinct on (f.photo_id, t.member_id)
       f.photo_id, t.member_id, t.pack_id, f.face_id, t.facecam_id, t.consent_epoch, f.embedding <-> t.embedding
     from faces f join templates t on t.pack_id = f.pack_id and t.member_id <> f.creator_id
     where f.embedding <-> t.embedding <= $1 order by f.photo_id, t.member_id, f.embedding <-> t.embedding`,
    [dlibCalibration.candidateDistanceMax],
  );
  await tellPhoto(urls);
}

/** Takes a member for a face that is not theirs, as dlib does with people alike: the nearest one of a photo. */
export async function mistake(
  urls: { readonly ai: string; readonly photo: string },
  pair: { readonly memberId: string; readonly photoId: string; readonly distance: number },
): Promise<void> {
  const { rowCount } = await query(
    urls.ai,
    `insert into face_matches (photo_id, member_id, pack_id, face_id, facecam_id, consent_epoch, distance)
     select f.photo_id, t.member_id, t.pack_id, f.face_id, t.facecam_id, t.consent_epoch, $3
     from faces f join templates t on t.pack_id = f.pack_id
     where f.photo_id = $1 and t.member_id = $2 order by f.embedding <-> t.embedding limit 1`,
    [pair.photoId, pair.memberId, pair.distance],
  );
  if (rowCount !== 1) throw new Error('there is no face to mistake for the member');
  await tellPhoto(urls);
}

async function tellPhoto(urls: { readonly ai: string; readonly photo: string }): Promise<void> {
  const { rows } = await query(
    urls.ai,
    `select m.photo_id, m.member_id, m.facecam_id, m.consent_epoch, m.distance,
       (select count(*)::int from templates t where t.member_id = m.member_id) as facecam_count,
       f.box_left, f.box_top, f.box_width, f.box_height
     from face_matches m join faces f on f.face_id = m.face_id`,
  );
  for (const row of z.array(foundRow).parse(rows)) {
    await query(
      urls.photo,
      `insert into matches (photo_id, member_id, facecam_id, facecam_count, consent_epoch, distance,
         box_left, box_top, box_width, box_height, level, false_match_rate, found_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, now())
       on conflict (photo_id, member_id) do update set facecam_id = $3, facecam_count = $4, distance = $6,
         box_left = $7, box_top = $8, box_width = $9, box_height = $10, level = $11, false_match_rate = $12`,
      [
        ...[row.photo_id, row.member_id, row.facecam_id, row.facecam_count, row.consent_epoch, row.distance],
        ...[row.box_left, row.box_top, row.box_width, row.box_height],
        ...[levelOf(dlibCalibration, row.distance), falseMatchRate(dlibCalibration, row.distance)],
      ],
    );
  }
}

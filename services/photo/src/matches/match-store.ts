import type { DefaultCut } from '@kilas/matching/default-cut.ts';
import type { Db } from '@kilas/platform/db/database.ts';
import { sql, type Transaction } from 'kysely';
import type { PhotoSchema } from '../db/schema.ts';
import { lockErasedEpochs } from '../members/member-store.ts';
import { isAsked, isShown } from '../viewers/match-cut-sql.ts';
import type { MatchCut } from '../viewers/viewer.ts';
import type { Answer, Match } from './match.ts';

/**
 * Records a match or takes over another one: under a newer consent, which outlives the withdrawal of the older; under another pack,
 * whose distances say nothing beside those of the one before; of the same face a nearer one; of another face one that counts first before the
 * nearest. What the member said of the pair stays, and what a pack showed stays shown when another one takes over. Told again, the same
 * match takes what holds by now: level, rate, count of facecams, and whether to ask. True when the pair is new.
 */
export async function upsertMatch(
  tx: Transaction<PhotoSchema>,
  match: Match,
  { cut, now }: { cut: DefaultCut; now: Date },
): Promise<boolean> {
  const isFirst = (row: string) => countsFirst(cut, row);
  const { quality } = match;
  const { rows } = await sql<{ is_new: boolean }>`
    insert into matches (photo_id, member_id, facecam_id, consent_epoch, distance, level, false_match_rate,
      box_left, box_top, box_width, box_height, facecam_count, eye_distance_px, sharpness, exposure, face_quality, is_unsure, pack_id, found_at)
    values (${match.photoId}, ${match.memberId}, ${match.facecamId}, ${match.consentEpoch},
      ${match.distance}, ${match.level}, ${match.falseMatchRate}, ${match.box.left}, ${match.box.top}, ${match.box.width}, ${match.box.height},
      ${match.facecamCount}, ${quality?.eyeDistancePx ?? null}, ${quality?.sharpness ?? null}, ${quality?.exposure ?? null}, ${quality?.overall ?? null}, ${match.isUnsure}, ${match.packId ?? null}, ${now})
    on conflict (photo_id, member_id) do update set
      facecam_id = excluded.facecam_id, consent_epoch = excluded.consent_epoch, distance = excluded.distance, level = excluded.level,
      false_match_rate = excluded.false_match_rate, box_left = excluded.box_left, box_top = excluded.box_top,
      box_width = excluded.box_width, box_height = excluded.box_height, facecam_count = excluded.facecam_count,
      eye_distance_px = excluded.eye_distance_px, sharpness = excluded.sharpness, exposure = excluded.exposure,
      face_quality = excluded.face_quality, is_unsure = excluded.is_unsure,
      pack_id = coalesce(excluded.pack_id, matches.pack_id), ${whatWasShown}
    where excluded.consent_epoch > matches.consent_epoch
      or (excluded.consent_epoch = matches.consent_epoch and (
        ${isOtherPack} or (excluded.facecam_id = matches.facecam_id and excluded.distance = matches.distance)
        or case when ${isSameFace}
          then excluded.distance < matches.distance
          else (not ${isFirst('excluded')}, excluded.distance) < (not ${isFirst('matches')}, matches.distance)
        end))
    returning (xmax = 0) as is_new`.execute(tx);
  return rows[0]?.is_new === true;
}

/** A row that does not say its pack was told by a release that could not: it is not compared with one that does. */
const isOtherPack = sql`(excluded.pack_id is not null and excluded.pack_id is distinct from matches.pack_id)`;

/** A sure match that another pack takes over stays shown to whom it was; with the consent that it was found under it ends. */
const whatWasShown = sql.join(
  (
    [
      ['shown_level', 'greatest(matches.shown_level, matches.level)'],
      ['shown_rate', 'least(matches.shown_rate, matches.false_match_rate * matches.facecam_count)'],
      ['shown_facecam_id', 'matches.facecam_id'],
    ] as const
  ).map(
    ([column, taken]) => sql`${sql.ref(column)} = case
      when excluded.consent_epoch > matches.consent_epoch then null
      when ${isOtherPack} and not matches.is_unsure then ${sql.raw(taken)}
      else ${sql.ref(`matches.${column}`)} end`,
  ),
);

/** Of one face ai tells one box, whichever facecam found it. */
const isSameFace = sql`(excluded.box_left, excluded.box_top, excluded.box_width, excluded.box_height)
  = (matches.box_left, matches.box_top, matches.box_width, matches.box_height)`;

/** As of matches that are told together, see bestPerPair. */
function countsFirst({ levelMin }: DefaultCut, match: string) {
  return sql`(not ${sql.ref(`${match}.is_unsure`)} and ${sql.ref(`${match}.level`)} >= ${levelMin})`;
}

/** Which of these photos the cut shows to the member. */
export async function listShownMatches(
  db: Db<PhotoSchema>,
  memberId: string,
  photoIds: readonly string[],
  cut: MatchCut,
): Promise<string[]> {
  const rows = await db
    .selectFrom('matches')
    .innerJoin('photos', 'photos.photo_id', 'matches.photo_id')
    .select('matches.photo_id')
    .where('matches.member_id', '=', memberId)
    .where('matches.photo_id', 'in', [...photoIds])
    .where(isShown(cut))
    .orderBy('matches.photo_id')
    .limit(photoIds.length)
    .execute();
  return rows.map((row) => row.photo_id);
}

/** The creators of those photos that are there, by photo id; locked in id order, so that none is deleted meanwhile. */
export async function lockCreatorsOfPhotos(
  tx: Transaction<PhotoSchema>,
  photoIds: readonly string[],
): Promise<Map<string, string>> {
  if (photoIds.length === 0) return new Map();
  const rows = await tx
    .selectFrom('photos')
    .select(['photo_id', 'creator_id'])
    .where('photo_id', 'in', [...new Set(photoIds)])
    .orderBy('photo_id')
    .forKeyShare()
    .execute();
  return new Map(rows.map((row) => [row.photo_id, row.creator_id]));
}

export async function insertForgottenFacecam(
  tx: Transaction<PhotoSchema>,
  facecam: { memberId: string; facecamId: string },
): Promise<void> {
  await tx
    .insertInto('forgotten_facecams')
    .values({ facecam_id: facecam.facecamId, member_id: facecam.memberId })
    .onConflict((conflict) => conflict.column('facecam_id').doNothing())
    .execute();
}

/** Which of these facecams were taken away; the caller has locked their members. */
export async function listForgottenFacecams(
  tx: Transaction<PhotoSchema>,
  facecamIds: readonly string[],
): Promise<Set<string>> {
  if (facecamIds.length === 0) return new Set();
  const rows = await tx
    .selectFrom('forgotten_facecams')
    .select('facecam_id')
    .where('facecam_id', 'in', [...new Set(facecamIds)])
    .execute();
  return new Set(rows.map((row) => row.facecam_id));
}

export async function deleteMatchesOfFacecam(
  tx: Transaction<PhotoSchema>,
  key: { memberId: string; facecamId: string },
): Promise<void> {
  await tx
    .deleteFrom('matches')
    .where('member_id', '=', key.memberId)
    .where('facecam_id', '=', key.facecamId)
    .where('answer', '=', 'suggested')
    .execute();
  await tx
    .updateTable('matches')
    .set({ shown_level: null, shown_rate: null, shown_facecam_id: null })
    .where('member_id', '=', key.memberId)
    .where('shown_facecam_id', '=', key.facecamId)
    .execute();
}

export async function deleteMatch(
  tx: Transaction<PhotoSchema>,
  key: { memberId: string; photoId: string },
): Promise<void> {
  await tx.deleteFrom('matches').where('member_id', '=', key.memberId).where('photo_id', '=', key.photoId).execute();
}

/** With what their members said of them. */
export async function deleteMatchesOfPhotos(tx: Transaction<PhotoSchema>, photoIds: readonly string[]): Promise<void> {
  if (photoIds.length === 0) return;
  await tx
    .deleteFrom('matches')
    .where('photo_id', 'in', [...photoIds])
    .execute();
}

export async function deleteMatchesOfEpoch(db: Db<PhotoSchema>, memberId: string, epoch: number): Promise<number> {
  const result = await db
    .deleteFrom('matches')
    .where('member_id', '=', memberId)
    .where('consent_epoch', '<=', epoch)
    .executeTakeFirst();
  return Number(result.numDeletedRows);
}

/** What a member said of a match, and under which consent ai was told that the face may become a template; null when it was not. */
export interface Answered {
  readonly answer: Answer;
  readonly toldTemplateEpoch: number | null;
}

/** A match that its member is shown, is asked about, or has answered: they may see it otherwise now. Locks the member before it. */
export async function lockAnswerableMatch(
  tx: Transaction<PhotoSchema>,
  key: { memberId: string; photoId: string; cut: MatchCut },
): Promise<(Pick<Match, 'facecamId' | 'consentEpoch' | 'box'> & Answered) | undefined> {
  await lockErasedEpochs(tx, [key.memberId]);
  const row = await tx
    .selectFrom('matches')
    .innerJoin('photos', 'photos.photo_id', 'matches.photo_id')
    .select(['matches.answer', 'matches.told_template_epoch', 'matches.facecam_id', 'matches.consent_epoch'])
    .select(['matches.box_left', 'matches.box_top', 'matches.box_width', 'matches.box_height'])
    .where('matches.member_id', '=', key.memberId)
    .where('matches.photo_id', '=', key.photoId)
    .where(sql<boolean>`(${isShown(key.cut)} or ${isAsked(key.cut)} or matches.answer <> 'suggested')`)
    .forUpdate('matches')
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const box = { left: row.box_left, top: row.box_top, width: row.box_width, height: row.box_height };
  const { answer, told_template_epoch, facecam_id, consent_epoch } = row;
  return { answer, toldTemplateEpoch: told_template_epoch, facecamId: facecam_id, consentEpoch: consent_epoch, box };
}

export async function updateAnswer(
  tx: Transaction<PhotoSchema>,
  key: { memberId: string; photoId: string },
  { answer, toldTemplateEpoch }: Answered,
): Promise<void> {
  await tx
    .updateTable('matches')
    .set({ answer, told_template_epoch: toldTemplateEpoch })
    .where('member_id', '=', key.memberId)
    .where('photo_id', '=', key.photoId)
    .execute();
}

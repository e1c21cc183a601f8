import { type RawBuilder, sql } from 'kysely';
import type { MatchCut } from './viewer.ts';

/** Faces that were searched for the member of a match: those of its gallery, on rows of `matches`. */
export function facesSearched() {
  return countFaces(sql`coalesce(matches.event_id, matches.creator_id)`, sql`matches.member_id`);
}

/** The same for all matches of a member in an event, as a table of one row: `searchedOnce` names it, and it is read once for all of them. */
export function searchedIn(eventId: RawBuilder<string>, memberId: string) {
  return sql`(select ${countFaces(eventId, sql`${memberId}::uuid`)} as faces offset 0) as searched`;
}

/** Counted once: without OFFSET PostgreSQL would put the count wherever it is named. */
export const searchedOnce = sql.ref<bigint>('searched.faces');

/** All but those in the member's own photos. */
function countFaces(galleryId: RawBuilder<unknown>, memberId: RawBuilder<unknown>) {
  return sql<bigint>`coalesce((
    select t.face_count - coalesce(own.face_count, 0) from gallery_totals t
    left join galleries own on own.gallery_id = t.gallery_id and own.creator_id = ${memberId}
    where t.gallery_id = ${galleryId}
  ), 0)`;
}

/**
 * Whether a match is shown to its member, on rows of `matches`: what they confirmed, nothing they rejected, and of
 * the others what is sure and their level admits, or was before another pack looked.
 */
export function isShown(cut: MatchCut, searched: RawBuilder<bigint> = facesSearched()) {
  return sql<boolean>`(
    matches.answer = 'confirmed'
    or (matches.answer = 'suggested' and ((not matches.is_unsure and ${isNear(cut, searched)}) or ${wasShown(cut, searched)}))
  )`;
}

/** What `isShown` implies, word by word as the indexes of lists say it; on rows of `matches`. */
export const mayBeShown = sql<boolean>`(
  matches.answer = 'confirmed'
  or (matches.answer = 'suggested' and (not matches.is_unsure or matches.shown_level is not null))
)`;

/** What `isAsked` implies, in the same way. */
export const mayBeAsked = sql<boolean>`(matches.answer = 'suggested' and matches.is_unsure)`;

/**
 * Whether a member is asked if it is them ("is this you?"), on rows of `matches`: what is not sure, as near as what is
 * shown, until they answer.
 */
export function isAsked(cut: MatchCut, searched: RawBuilder<bigint> = facesSearched()) {
  return sql<boolean>`(
    matches.answer = 'suggested' and matches.is_unsure and ${isNear(cut, searched)} and not ${wasShown(cut, searched)}
  )`;
}

/** On rows of `matches`: the member said that it is not them. */
export const isRejected = sql<boolean>`(matches.answer = 'rejected')`;

function isNear(cut: MatchCut, searched: RawBuilder<bigint>) {
  const rate = sql<number>`matches.false_match_rate * matches.facecam_count`;
  return isWithin(cut, { level: sql<number>`matches.level`, rate, searched });
}

/** By what the pack before said of it. */
function wasShown(cut: MatchCut, searched: RawBuilder<bigint>) {
  const shown = { level: sql<number>`matches.shown_level`, rate: sql<number>`matches.shown_rate`, searched };
  return sql<boolean>`(matches.shown_level is not null and coalesce(${isWithin(cut, shown)}, false))`;
}

/**
 * What the member's level admits. Without a level, what keeps the expected number of strangers in the gallery (the event, or the
 * creator's photos without one) under the limit: each face that was searched is a trial for each facecam. As `isShownByDefault` says.
 */
function isWithin(
  { levelChosen, levelMin, strangersMax }: MatchCut,
  { level, rate, searched }: { level: RawBuilder<number>; rate: RawBuilder<number>; searched: RawBuilder<bigint> },
) {
  return levelChosen > 0
    ? sql<boolean>`(${level} >= ${levelChosen})`
    : sql<boolean>`(${level} >= ${levelMin} and ${rate} * ${searched} <= ${strangersMax})`;
}

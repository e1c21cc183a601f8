import { type RawBuilder, sql } from 'kysely';
import { farBeyondUsual } from './normalised-distance.ts';

/** What a member is searched by, on rows of `templates` that lead; `template` is the alias of the table in the query. */
export function likenessIn(template: string): RawBuilder<unknown> {
  return sql`coalesce(${sql.ref(`${template}.likeness`)}, ${sql.ref(`${template}.embedding`)})`;
}

/**
 * normalisedDistance in SQL, of two vectors of one pack. `typical` is the alias of `typical_faces`, left joined on that pack: where
 * there is none, it is the L2 distance.
 */
export function normalisedDistanceOf(
  a: RawBuilder<unknown>,
  b: RawBuilder<unknown>,
  typical: string,
): RawBuilder<number> {
  const middle = sql.ref(`${typical}.embedding`);
  const usual = sql.ref(`${typical}.usual_distance`);
  const beyondUsual = (vector: RawBuilder<unknown>) =>
    sql`least((${vector} <-> ${middle}) - ${usual}, ${sql.lit(farBeyondUsual)})`;
  return sql<number>`case when ${middle} is null then ${a} <-> ${b}
    else greatest((${a} <-> ${b}) - (${beyondUsual(a)} + ${beyondUsual(b)}) / 2, 0) end`;
}

/**
 * Whether the normalised distance is at most `distanceMax`. The L2 distance comes first and rules out nearly all pairs: a pair that is
 * farther than `rawReach` is never within.
 */
export function isNear(
  a: RawBuilder<unknown>,
  b: RawBuilder<unknown>,
  typical: string,
  distanceMax: RawBuilder<number>,
): RawBuilder<boolean> {
  return sql<boolean>`(${a} <-> ${b} <= ${rawReach(distanceMax)} and ${normalisedDistanceOf(a, b, typical)} <= ${distanceMax})`;
}

/** With a larger L2 distance than this, no normalised distance is within `distanceMax`: normalising shortens it by no more. */
export function rawReach(distanceMax: RawBuilder<number>): RawBuilder<number> {
  return sql<number>`(${distanceMax} + ${sql.lit(farBeyondUsual)})`;
}

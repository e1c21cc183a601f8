import { type RawBuilder, sql } from 'kysely';

/** Photos of one segment, when the timeline is made. */
export const segmentSize = 1_000;

/** A photo that is the oldest or the newest of its segment; `number` counts from the oldest photo, which is 1. */
export interface Boundary {
  readonly at: Date;
  readonly photo_id: string;
  readonly number: number;
}

/**
 * The boundaries, oldest first, of the photos that `listed` selects as `photo_id` and `at`. Counted from the oldest: where photos come as they are
 * taken, the segments that are full stay what they are.
 */
export function boundariesOf(listed: RawBuilder<unknown>) {
  return sql<Boundary>`
    select at, photo_id, number::int from (
      select at, photo_id, row_number() over taken as number, lead(photo_id) over taken is null as is_last
      from ${listed} as listed window taken as (order by at, photo_id)
    ) as numbered
    where number % ${sql.lit(segmentSize)} <= 1 or is_last order by number`;
}

import { type RawBuilder, sql } from 'kysely';
import { samePlaceOverlap } from './face-box.ts';

/** Where in a photo a face is, in fractions of the photo. */
export interface Place {
  readonly photo_id: string;
  readonly box_left: number;
  readonly box_top: number;
  readonly box_width: number;
  readonly box_height: number;
}

export const placeColumns = ['photo_id', 'box_left', 'box_top', 'box_width', 'box_height'] as const;

export function photosOf(places: readonly Place[]): string[] {
  return [...new Set(places.map((place) => place.photo_id))];
}

/** The places as rows, each with `n`, its position in the list. */
export function placesOf(places: readonly Place[]): RawBuilder<unknown> {
  const rows = places.map(({ photo_id, box_left, box_top, box_width, box_height }, n) => {
    return { n, photo_id, box_left, box_top, box_width, box_height };
  });
  return sql`
    select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as place (
      n int, photo_id uuid, box_left float8, box_top float8, box_width float8, box_height float8)`;
}

/** As isSamePlace, on rows of two tables with the columns of a place. */
export function isSamePlaceIn(a: string, b: string): RawBuilder<boolean> {
  const side = (table: string, column: string) => sql.ref(`${table}.${column}`);
  const overlap = (start: string, length: string) => sql`greatest(
    least(${side(a, start)} + ${side(a, length)}, ${side(b, start)} + ${side(b, length)})
      - greatest(${side(a, start)}, ${side(b, start)}), 0)`;
  const area = (table: string) => sql`${side(table, 'box_width')} * ${side(table, 'box_height')}`;
  return sql<boolean>`exists (
    select from (select ${overlap('box_left', 'box_width')} * ${overlap('box_top', 'box_height')} as area) shared
    where shared.area >= ${sql.lit(samePlaceOverlap)} * (${area(a)} + ${area(b)} - shared.area))`;
}

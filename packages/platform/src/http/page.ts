import { z } from 'zod';
import { badRequest } from '../problems/bad-request.ts';
import { fieldIssue } from '../problems/field-problem.ts';

/** Query of every list: where the last page ended, and how much is wanted. */
export const pageQuery = z.strictObject({
  cursor: z.string().max(300).optional().describe('`nextCursor` of the page before'),
  limit: z.coerce.number().int().min(1).max(100).default(24),
});

/** Where a page ended, as clients see it: opaque. */
export function encodeCursor(position: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/** Refuses with REQUEST_INVALID, and this issue, what `encodeCursor` did not make. */
export function decodeCursor<Position>(
  cursor: string | undefined,
  schema: z.ZodType<Position>,
  issue = fieldIssue('/cursor', 'FIELD_NOT_CURSOR'),
): Position | undefined {
  if (cursor === undefined) return undefined;
  const result = schema.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString()));
  if (result.success) return result.data;
  throw badRequest('not a cursor of this list', [issue]);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A page from rows of which one more than `limit` was read: it tells whether there is a next page. */
export function pageOf<Row>(
  rows: readonly Row[],
  limit: number,
  positionOf: (row: Row) => readonly (string | number)[],
) {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? encodeCursor(positionOf(last)) : null };
}

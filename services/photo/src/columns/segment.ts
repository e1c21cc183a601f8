import { exactTime, exactTimeText } from '@kilas/platform/db/stored-time.ts';
import { decodeCursor, encodeCursor } from '@kilas/platform/http/page.ts';
import { fieldIssue } from '@kilas/platform/problems/field-problem.ts';
import { z } from 'zod';

/** Where a photo stands in an order by time. */
export interface Position {
  /** As `exactTime` wrote it. */
  readonly at: string;
  readonly photoId: string;
}

/** A stretch of a timeline. Those of a timeline meet, and the first and the last are open: a photo that comes later is in one of them. */
export interface Segment {
  /** Of its oldest photo; it belongs to the segment. */
  readonly from?: Position | undefined;
  /** Of the oldest photo of the next newer segment. */
  readonly before?: Position | undefined;
}

export function positionOf(row: { at: Date; photo_id: string }): Position {
  return { at: exactTime(row.at), photoId: row.photo_id };
}

export const segmentQuery = z.string().max(400).optional().describe('`segment` of the timeline');

const end = z.union([z.tuple([]), z.tuple([exactTimeText, z.guid()])]);
const written = z.tuple([end, end]);

export function writeSegment({ from, before }: Segment): string {
  return encodeCursor([from, before].map((position) => (position ? [position.at, position.photoId] : [])));
}

/** Refuses with REQUEST_INVALID what `writeSegment` did not make. */
export function readSegment(text: string | undefined): Segment | undefined {
  const ends = decodeCursor(text, written, fieldIssue('/segment', 'FIELD_NOT_SEGMENT'));
  if (ends === undefined) return undefined;
  const [from, before] = ends.map(([at, photoId]) => (at && photoId ? { at, photoId } : undefined));
  return { from, before };
}

import { z } from 'zod';
import { positionOf, writeSegment } from './segment.ts';
import { type Boundary, segmentSize } from './timeline-sql.ts';

export const timeline = z.object({
  total: z.number().int(),
  segments: z
    .array(
      z.object({
        segment: z.string().describe('For `columns`; opaque'),
        count: z.number().int(),
        newestAt: z.iso.datetime(),
        oldestAt: z.iso.datetime(),
      }),
    )
    .describe(`Newest first; ${segmentSize.toLocaleString('en')} photos at most each`),
});

/** A timeline of its boundaries. */
export function timelineOf(boundaries: readonly Boundary[]): z.output<typeof timeline> {
  const byNumber = new Map(boundaries.map((boundary) => [boundary.number, boundary]));
  const newest = boundaries.at(-1);
  const firsts = boundaries.filter(({ number }) => number % segmentSize === 1);
  const segments = firsts.map((oldest, index) => {
    const next = firsts[index + 1];
    const last = byNumber.get((next?.number ?? 0) - 1) ?? newest ?? oldest;
    const from = index === 0 ? undefined : positionOf(oldest);
    return {
      segment: writeSegment({ from, before: next && positionOf(next) }),
      count: last.number - oldest.number + 1,
      newestAt: last.at.toISOString(),
      oldestAt: oldest.at.toISOString(),
    };
  });
  return { total: newest?.number ?? 0, segments: segments.reverse() };
}

import { z } from 'zod';
import type { PhotoContext } from '../context.ts';
import { type PreviewKeys, signPreviews } from '../viewers/sign-previews.ts';
import { eventFacts, factsOf } from './event.ts';
import type { eventsWithDetails } from './event-store.ts';
import { facesUntilOf } from './retention.ts';

export const eventCovers = z.object({
  coverUrl: z
    .string()
    .nullable()
    .describe('The photo that the owner chose, else the first one on sale, as far as I may see it'),
  coverSmallUrl: z.string().nullable(),
});

/** What anyone who may look sees of an event; the share token and how long faces are kept only its creators. */
export const eventView = eventFacts.extend({
  ...eventCovers.shape,
  access: z
    .enum(['photos', 'page'])
    .describe('`page`: who holds the link sees when and where it is, and finds themselves; no photos before that'),
  creators: z
    .array(z.object({ creatorId: z.guid(), displayName: z.string().nullable() }))
    .describe('Who takes part, the owner first; twenty at most'),
  photoCount: z
    .number()
    .int()
    .nullable()
    .describe(
      'Photos on sale that I may browse; of an event of matches at most 1,000 of others are counted. Null where `access` is `page`',
    ),
  retentionDays: z.number().int(),
  isOwn: z.boolean(),
  facesUntil: z.iso
    .datetime()
    .optional()
    .describe("For the event's creators: when nameless faces are erased; members keep their matches"),
  shareToken: z.string().optional().describe("For the event's creators: ?share= of the link to the event"),
});

export type EventDetails = Awaited<ReturnType<ReturnType<typeof eventsWithDetails>['execute']>>[number];

/** An event as the viewer sees it. Their right to it was checked by the query. */
export async function viewOfEvent(ctx: PhotoContext, row: EventDetails): Promise<z.output<typeof eventView>> {
  return {
    ...factsOf(row),
    ...(await coversOf(ctx, row)),
    access: row.may_browse ? 'photos' : 'page',
    creators: row.creators,
    photoCount: row.photo_count,
    retentionDays: row.retention_days,
    isOwn: row.is_own,
    ...(row.is_own ? { shareToken: row.share_token, facesUntil: facesUntilOf(row).toISOString() } : {}),
  };
}

export async function coversOf(ctx: PhotoContext, row: PreviewKeys): Promise<z.output<typeof eventCovers>> {
  const { previewUrl, previewSmallUrl } = await signPreviews(ctx, row);
  return { coverUrl: previewUrl, coverSmallUrl: previewSmallUrl };
}

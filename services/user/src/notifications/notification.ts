import { z } from 'zod';

/** Photo ids kept in one notification; its count goes on. */
export const photoIdsKeptMax = 50;
/** Notifications are forgotten after this time, read or not. */
export const notificationKeptSeconds = 365 * 24 * 3600;
export const notificationsReadMax = 100;

const photos = { photoIds: z.array(z.string()).describe('The first of them'), photoCount: z.number().int() };

/** What happened, as ids and counts; the words are the reader's client's. */
export const notificationContent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('matches_found'), data: z.object(photos) }),
  z.object({ kind: z.literal('photos_bought'), data: z.object({ orderId: z.string(), ...photos }) }),
  z.object({ kind: z.literal('photos_sold'), data: z.object({ orderId: z.string(), ...photos }) }),
]);

export type NotificationContent = z.output<typeof notificationContent>;
export type NotificationKind = NotificationContent['kind'];
export type MatchesFoundData = Extract<NotificationContent, { kind: 'matches_found' }>['data'];

export function summarise(photoIds: readonly string[]): MatchesFoundData {
  return { photoIds: photoIds.slice(0, photoIdsKeptMax), photoCount: photoIds.length };
}

/** One digest of what was not read yet and what came now, the newest photos first. */
export function mergeMatches(unread: MatchesFoundData | undefined, photoIds: readonly string[]): MatchesFoundData {
  const known = new Set(unread?.photoIds);
  const fresh = photoIds.filter((photoId) => !known.has(photoId));
  return {
    photoIds: [...fresh, ...known].slice(0, photoIdsKeptMax),
    photoCount: fresh.length + (unread?.photoCount ?? 0),
  };
}

import { z } from 'zod';

/** Photo ids kept in one notification; its count goes on. */
export const photoIdsKeptMax = 50;
/** Notifications are forgotten after this time, read or not. */
export const notificationKeptSeconds = 365 * 24 * 3600;
export const notificationsReadMax = 100;

const photos = { photoIds: z.array(z.string()).describe('The first of them'), photoCount: z.number().int() };

const failedPhotos = { ...photos, reasons: z.array(z.string()).describe('The codes of why they failed, each once') };
/** Reasons named in one notification. */
const reasonsKeptMax = 10;

/** What a creator and the owner of an event did with each other. */
export const eventCreatorChange = z.enum(['invited', 'accepted', 'declined', 'left', 'removed']);

/** What happened, as ids and counts. */
export const notificationContent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('matches_found'), data: z.object(photos) }),
  z.object({ kind: z.literal('photos_bought'), data: z.object({ orderId: z.string(), ...photos }) }),
  z.object({ kind: z.literal('photos_sold'), data: z.object({ orderId: z.string(), ...photos }) }),
  z.object({
    kind: z.literal('photos_failed').describe('They are not on sale, after their upload was answered'),
    data: z.object(failedPhotos),
  }),
  z.object({
    kind: z.literal('recognition_failed').describe('They are on sale, and nobody is found in them'),
    data: z.object(failedPhotos),
  }),
  z.object({ kind: z.literal('facecam_failed'), data: z.object({ facecamId: z.string(), reason: z.string() }) }),
  z.object({
    kind: z.literal('facecams_outdated'),
    data: z.object({ until: z.iso.datetime().describe('From then on the facecams find no new photos') }),
  }),
  z.object({
    kind: z.literal('event_creator'),
    data: z.object({
      eventId: z.string(),
      creatorId: z.string(),
      change: eventCreatorChange.describe(
        'invited or removed: I am the creator; accepted, declined or left: it is my event',
      ),
    }),
  }),
  z.object({
    kind: z.literal('face_enrolled_twice'),
    data: z.object({
      isOwnEnrolment: z
        .boolean()
        .describe(
          'True: the face that I just enrolled is very like that of another account. False: another account enrolled one very like mine',
        ),
    }),
  }),
]);

export type NotificationContent = z.output<typeof notificationContent>;
export type NotificationKind = NotificationContent['kind'];
export type MatchesFoundData = Extract<NotificationContent, { kind: 'matches_found' }>['data'];

export type FailedPhotosData = Extract<NotificationContent, { kind: 'photos_failed' }>['data'];

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

/** One digest of the failures that were not read yet and the one that came now. */
export function mergeFailure(
  unread: FailedPhotosData | undefined,
  { photoId, reason }: { photoId: string; reason: string },
): FailedPhotosData {
  const reasons = [...new Set([reason, ...(unread?.reasons ?? [])])].slice(0, reasonsKeptMax);
  return { ...mergeMatches(unread, [photoId]), reasons };
}

/** Ids come from the clocks of several machines, and a transaction takes its time; they are not further apart. */
const idSkewMaxMs = 5 * 60_000;

/** Where a stream goes on after the notification with this id, a UUID of version 7 (RFC 9562): see `findPosition`. */
export function notificationStartOf(notificationId: string): { notificationId: string; idBefore: string } {
  const madeAtMs = Number.parseInt(notificationId.replaceAll('-', '').slice(0, 12), 16);
  const before = Math.max(0, madeAtMs - idSkewMaxMs)
    .toString(16)
    .padStart(12, '0');
  return { notificationId, idBefore: `${before.slice(0, 8)}-${before.slice(8)}-0000-0000-000000000000` };
}

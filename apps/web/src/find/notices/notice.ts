import type { Answer } from '../../api/api.ts';

export type Notice = Answer<'/v1/me/notifications'>['items'][number];

/** The page that a notice is about, as an address of this app. */
export function pageOf(notice: Notice): string {
  switch (notice.kind) {
    case 'matches_found':
      return onlyPhoto(notice.data.photoIds, notice.data.photoCount, '/p/') ?? '/photos';
    case 'photos_bought':
      return `/orders/${notice.data.orderId}`;
    case 'photos_sold':
      return '/studio/earnings';
    case 'photos_failed':
    case 'recognition_failed':
      return onlyPhoto(notice.data.photoIds, notice.data.photoCount, '/studio/photos/') ?? '/studio/events';
    case 'facecam_failed':
    case 'facecams_outdated':
      return '/find-me';
    case 'event_creator':
      return notice.data.change === 'invited' || notice.data.change === 'removed'
        ? '/studio/events'
        : `/studio/events/${notice.data.eventId}`;
    case 'face_enrolled_twice':
      return '/account';
    default:
      // A kind that a newer installation knows.
      return '/notices';
  }
}

function onlyPhoto(photoIds: readonly string[], photoCount: number, prefix: string): string | undefined {
  return photoCount === 1 && photoIds[0] !== undefined ? `${prefix}${photoIds[0]}` : undefined;
}

import { notificationText } from '@kilas/messages/notifications.ts';
import type { Locale } from '@kilas/platform/problems/problem.ts';
import { z } from 'zod';
import { type NotificationContent, notificationContent } from './notification.ts';
import type { Notification } from './notification-store.ts';

/** A notification as clients see it, in a list and in a stream. */
export const notificationView = z.intersection(
  notificationContent,
  z.object({
    notificationId: z.guid(),
    text: z.string().describe('What it says, in the language of Accept-Language'),
    createdAt: z.iso.datetime(),
    readAt: z.iso.datetime().nullable(),
  }),
);

/** Undefined for a kind that this version does not know: while a release rolls out, others write it already. */
export function viewOf(row: Notification, locale: Locale): z.output<typeof notificationView> | undefined {
  const content = notificationContent.safeParse(row);
  if (!content.success) return undefined;
  return {
    notificationId: row.id,
    text: textOf(content.data, locale),
    createdAt: row.created_at.toISOString(),
    readAt: row.read_at?.toISOString() ?? null,
    ...content.data,
  };
}

function textOf({ kind, data }: NotificationContent, locale: Locale): string {
  switch (kind) {
    case 'matches_found':
    case 'photos_bought':
    case 'photos_sold':
      return notificationText(kind, locale, { count: data.photoCount });
    case 'photos_failed':
    case 'recognition_failed':
      return notificationText(kind, locale, { count: data.photoCount, reasons: data.reasons });
    case 'facecam_failed':
      return notificationText(kind, locale, { reasons: [data.reason] });
    case 'facecams_outdated':
      return notificationText(kind, locale, { date: new Date(data.until) });
    case 'event_creator':
      return notificationText(`event_creator_${data.change}`, locale);
    case 'face_enrolled_twice':
      return notificationText(data.isOwnEnrolment ? 'face_enrolled_by_me' : 'face_enrolled_by_another', locale);
  }
}

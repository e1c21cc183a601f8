import { z } from 'zod';
import { notificationContent } from './notification.ts';
import type { Notification } from './notification-store.ts';

/** A notification as clients see it, in a list and in a stream. */
export const notificationView = z.intersection(
  notificationContent,
  z.object({ notificationId: z.uuid(), createdAt: z.iso.datetime(), readAt: z.iso.datetime().nullable() }),
);

export function viewOf(row: Notification): z.output<typeof notificationView> {
  return {
    notificationId: row.id,
    createdAt: row.created_at.toISOString(),
    readAt: row.read_at?.toISOString() ?? null,
    ...notificationContent.parse(row),
  };
}

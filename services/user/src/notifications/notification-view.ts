import { z } from 'zod';
import { notificationContent } from './notification.ts';
import type { Notification } from './notification-store.ts';

/** A notification as clients see it, in a list and in a stream. */
export const notificationView = z.intersection(
  notificationContent,
  z.object({ notificationId: z.guid(), createdAt: z.iso.datetime(), readAt: z.iso.datetime().nullable() }),
);

/** Undefined for a kind that this version does not know: while a release rolls out, others write it already. */
export function viewOf(row: Notification): z.output<typeof notificationView> | undefined {
  const content = notificationContent.safeParse(row);
  if (!content.success) return undefined;
  return {
    notificationId: row.id,
    createdAt: row.created_at.toISOString(),
    readAt: row.read_at?.toISOString() ?? null,
    ...content.data,
  };
}

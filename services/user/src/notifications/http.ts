import type { HttpApp } from '@kilas/platform/http.ts';
import { type Auth, identityOf } from '@kilas/platform/identity.ts';
import { z } from 'zod';
import type { UserContext } from '../context.ts';
import { notificationContent, notificationsReadMax } from './notification.ts';
import { countUnread, listNotificationsByAccount, markNotificationsRead } from './notification-store.ts';

const tags = ['notifications'];
const security = [{ bearer: [] }];

/** The id of the last item of a page, in base64url so that nobody builds on what it is. */
const cursor = z
  .base64url()
  .max(100)
  .transform((text) => Buffer.from(text, 'base64url').toString())
  .pipe(z.uuid());

const notification = z.intersection(
  notificationContent,
  z.object({ notificationId: z.uuid(), createdAt: z.iso.datetime(), readAt: z.iso.datetime().nullable() }),
);

const readRequest = z.union([
  z.strictObject({ notificationIds: z.array(z.uuid()).min(1).max(notificationsReadMax) }),
  z.strictObject({ upTo: z.uuid().describe('This notification and all older ones') }),
]);

export function registerNotificationHttp(app: HttpApp, ctx: UserContext, auth: Auth): void {
  app.get(
    '/v1/me/notifications',
    {
      onRequest: auth.required,
      schema: {
        tags,
        summary: 'My notifications, the newest first',
        security,
        querystring: z.strictObject({
          cursor: cursor.optional(),
          limit: z.coerce.number().int().min(1).max(100).default(24),
        }),
        response: {
          200: z.object({
            items: z.array(notification),
            nextCursor: z.string().nullable(),
            unreadCount: z.number().int(),
          }),
        },
      },
    },
    async (request) => {
      const { accountId } = identityOf(request);
      const { cursor: before, limit } = request.query;
      const rows = await listNotificationsByAccount(ctx.db, accountId, { before, limit: limit + 1 });
      const items = rows.slice(0, limit).map((row) => ({
        notificationId: row.id,
        createdAt: row.created_at.toISOString(),
        readAt: row.read_at?.toISOString() ?? null,
        ...notificationContent.parse(row),
      }));
      const last = rows.length > limit ? items.at(-1) : undefined;
      const nextCursor = last === undefined ? null : Buffer.from(last.notificationId).toString('base64url');
      return { items, nextCursor, unreadCount: await countUnread(ctx.db, accountId) };
    },
  );
  app.post(
    '/v1/me/notifications/read',
    {
      onRequest: auth.required,
      schema: { tags, summary: 'Mark notifications as read', security, body: readRequest, response: { 204: z.null() } },
    },
    async (request, reply) => {
      const { accountId } = identityOf(request);
      await markNotificationsRead(ctx.db, accountId, request.body, ctx.clock.now());
      return reply.status(204).send(null);
    },
  );
}

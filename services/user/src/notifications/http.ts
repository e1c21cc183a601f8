import type { Auth } from '@kilas/identity/auth.ts';
import { identityOf } from '@kilas/identity/identity.ts';
import type { HttpApp } from '@kilas/platform/http/http-app.ts';
import { decodeCursor, pageOf, pageQuery } from '@kilas/platform/http/page.ts';
import { localeOf } from '@kilas/platform/problems/problem.ts';
import { z } from 'zod';
import type { UserContext } from '../context.ts';
import { notificationsReadMax } from './notification.ts';
import { countUnread, listNotificationsByAccount, markNotificationsRead } from './notification-store.ts';
import { notificationView, viewOf } from './notification-view.ts';

const tags = ['notifications'];
const security = [{ bearer: [] }];

/** A badge says no more, and every page of the list counts. */
const unreadCountMax = 100;

const readRequest = z.union([
  z.strictObject({ notificationIds: z.array(z.guid()).min(1).max(notificationsReadMax) }),
  z.strictObject({ upTo: z.guid().describe('This notification and all older ones') }),
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
        querystring: pageQuery,
        response: {
          200: z.object({
            items: z.array(notificationView),
            nextCursor: z.string().nullable(),
            unreadCount: z
              .number()
              .int()
              .describe(`Of all; counted up to ${unreadCountMax}, which means as many or more`),
          }),
        },
      },
    },
    async (request) => {
      const { accountId } = identityOf(request);
      const { cursor, limit } = request.query;
      const locale = localeOf(request.headers['accept-language']);
      const [before] = decodeCursor(cursor, z.tuple([z.guid()])) ?? [];
      const rows = await listNotificationsByAccount(ctx.db, accountId, { before, limit: limit + 1 });
      const { items, nextCursor } = pageOf(rows, limit, (row) => [row.id]);
      return {
        items: items.map((row) => viewOf(row, locale)).filter((view) => view !== undefined),
        nextCursor,
        unreadCount: await countUnread(ctx.db, accountId, unreadCountMax),
      };
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

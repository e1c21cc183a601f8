import type { Auth } from '@kilas/identity/auth.ts';
import { bearerOf, identityOf } from '@kilas/identity/identity.ts';
import type { HttpApp } from '@kilas/platform/http/http-app.ts';
import { localeOf } from '@kilas/platform/problems/problem.ts';
import { z } from 'zod';
import type { UserContext } from '../context.ts';
import { notificationStartOf } from './notification.ts';
import { findPosition } from './notification-store.ts';
import { NotificationStreams } from './notification-streams.ts';

const lines = [
  'Server-sent events. Each is called `notification`; its id is the `notificationId`, its data what the list shows.',
  'Send the last id that you have as `Last-Event-ID` and nothing is missed, though something may come twice; without it',
  'the stream begins now. A digest of matches that grows comes as a new one. The stream ends with the access token or the',
  'session: connect again after the time that `retry` says.',
];

export function registerNotificationStream(app: HttpApp, ctx: UserContext, auth: Auth): void {
  const streams = new NotificationStreams(ctx);
  app.draining.addEventListener('abort', () => streams.close(), { once: true });
  app.get(
    '/v1/me/notifications/stream',
    {
      onRequest: auth.required,
      // It would open a stream that nobody reads.
      exposeHeadRoute: false,
      schema: {
        tags: ['notifications'],
        summary: 'My notifications as they come',
        description: lines.join(' '),
        security: [{ bearer: [] }],
        headers: z.looseObject({ 'last-event-id': z.guid().optional() }),
        response: { 200: { content: { 'text/event-stream': { schema: z.unknown().meta({ type: 'string' }) } } } },
      },
    },
    async (request, reply) => {
      const { accountId, sessionId } = identityOf(request);
      const { expiresAt } = await ctx.tokens.readAccess(bearerOf(request) ?? '');
      const locale = localeOf(request.headers['accept-language']);
      const lastId = request.headers['last-event-id'];
      const start = lastId === undefined ? undefined : notificationStartOf(lastId);
      const position = await findPosition(ctx.db, accountId, start);
      const stream = streams.open({ accountId, sessionId, expiresAt, position, locale });
      // nginx would hold events back.
      return reply.type('text/event-stream').header('x-accel-buffering', 'no').send(stream);
    },
  );
}

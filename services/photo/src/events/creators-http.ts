import type { Auth } from '@kilas/identity/auth.ts';
import { identityOf } from '@kilas/identity/identity.ts';
import { refuse } from '@kilas/messages/refuse.ts';
import { exactTime, exactTimeText } from '@kilas/platform/db/stored-time.ts';
import type { HttpApp } from '@kilas/platform/http/http-app.ts';
import { decodeCursor, pageOf, pageQuery } from '@kilas/platform/http/page.ts';
import { z } from 'zod';
import type { PhotoContext } from '../context.ts';
import { acceptInvitation, declineInvitation } from './answer-invitation.ts';
import { eventFacts, factsOf } from './event.ts';
import { findEvent, isCreatorOfEvent } from './event-store.ts';
import { listCreatorsOfEvent, listInvitationsByCreator } from './invitation-store.ts';
import { inviteCreator } from './invite-creator.ts';
import { removeCreator } from './remove-creator.ts';

const security = [{ bearer: [] }];
const tags = ['events'];
const eventParams = z.object({ eventId: z.guid() });
const nothing = { 204: z.undefined() };
const invitedPosition = z
  .tuple([exactTimeText, z.guid()])
  .transform(([invitedAt, eventId]) => ({ invitedAt, eventId }));

const eventCreator = z.object({
  creatorId: z.guid(),
  name: z.string().nullable(),
  isOwner: z.boolean(),
  state: z.enum(['takes_part', 'invited', 'declined']).describe('Only the owner sees who is invited and who declined'),
});

const invitation = eventFacts.extend({
  owner: z.object({ creatorId: z.guid(), name: z.string().nullable() }),
  invitedAt: z.iso.datetime(),
});

/** Who puts photos into an event: whom its owner invites, and who accepts. */
export function registerEventCreatorsHttp(app: HttpApp, ctx: PhotoContext, auth: Auth): void {
  const onRequest = auth.role('creator', 'CREATOR_REQUIRED');
  app.post(
    '/v1/events/:eventId/creators',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Invite another creator to put photos into my event',
        description: 'They are told, and take part once they accept. Who declined is not asked again.',
        security,
        params: eventParams,
        body: z.strictObject({ creatorId: z.guid().toLowerCase() }),
        response: nothing,
      },
    },
    async (request, reply) => {
      const { eventId } = request.params;
      await inviteCreator(ctx, { eventId, ownerId: identityOf(request).accountId, creatorId: request.body.creatorId });
      return reply.status(204).send();
    },
  );
  app.get(
    '/v1/events/:eventId/creators',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Who puts photos into an event in which I take part',
        security,
        params: eventParams,
        response: { 200: z.object({ items: z.array(eventCreator) }) },
      },
    },
    async (request) => {
      const { eventId } = request.params;
      const { accountId } = identityOf(request);
      const event = await findEvent(ctx.db, eventId);
      if (event === undefined || !(await isCreatorOfEvent(ctx.db, eventId, accountId))) refuse('EVENT_NOT_FOUND');
      const rows = await listCreatorsOfEvent(ctx.db, eventId, { isOwner: event.owner_id === accountId });
      return {
        items: rows.map((row) => ({
          creatorId: row.creator_id,
          name: row.name,
          isOwner: row.creator_id === event.owner_id,
          state: row.state,
        })),
      };
    },
  );
  app.delete(
    '/v1/events/:eventId/creators/:creatorId',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Leave an event, or decline to come into it; as its owner, take a creator or an invitation out',
        description:
          'The photos of a creator who goes stay theirs, on sale and in the event. No more come into it; those in it can be moved out with `POST /v1/creator/photos/move`.',
        security,
        params: eventParams.extend({ creatorId: z.guid().toLowerCase() }),
        response: nothing,
      },
    },
    async (request, reply) => {
      await removeCreator(ctx, { ...request.params, callerId: identityOf(request).accountId });
      return reply.status(204).send();
    },
  );
  app.get(
    '/v1/creator/invitations',
    {
      onRequest,
      schema: {
        tags,
        summary: 'Events that I am invited to put photos into, newest first',
        security,
        querystring: pageQuery,
        response: { 200: z.object({ items: z.array(invitation), nextCursor: z.string().nullable() }) },
      },
    },
    async (request) => {
      const { cursor, limit } = request.query;
      const before = decodeCursor(cursor, invitedPosition);
      const { accountId } = identityOf(request);
      const rows = await listInvitationsByCreator(ctx.db, accountId, { before, limit: limit + 1 });
      const page = pageOf(rows, limit, (row) => [exactTime(row.invited_at), row.event_id]);
      return {
        ...page,
        items: page.items.map((row) => ({
          ...factsOf(row),
          owner: { creatorId: row.owner_id, name: row.owner_name },
          invitedAt: row.invited_at.toISOString(),
        })),
      };
    },
  );
  for (const [verb, answer, summary] of [
    ['accept', acceptInvitation, 'Take part in an event that I am invited to, also after I declined'],
    ['decline', declineInvitation, 'Take no part in an event that I am invited to'],
  ] as const) {
    app.post(
      `/v1/creator/invitations/:eventId/${verb}`,
      { onRequest, schema: { tags, summary, security, params: eventParams, response: nothing } },
      async (request, reply) => {
        await answer(ctx, { eventId: request.params.eventId, creatorId: identityOf(request).accountId });
        return reply.status(204).send();
      },
    );
  }
}

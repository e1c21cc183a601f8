import type { Db } from '@kilas/platform/db/database.ts';
import { sql, type Transaction } from 'kysely';
import type { PhotoSchema } from '../db/schema.ts';

export async function insertInvitation(
  tx: Transaction<PhotoSchema>,
  invitation: { eventId: string; creatorId: string; invitedAt: Date },
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('event_invitations')
    .values({
      event_id: invitation.eventId,
      creator_id: invitation.creatorId,
      invited_at: invitation.invitedAt,
      declined_at: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

export async function findInvitation(db: Db<PhotoSchema>, eventId: string, creatorId: string) {
  return db
    .selectFrom('event_invitations')
    .selectAll()
    .where('event_id', '=', eventId)
    .where('creator_id', '=', creatorId)
    .executeTakeFirst();
}

/** Those that were not answered. */
export async function countInvitations(db: Db<PhotoSchema>, eventId: string): Promise<number> {
  const { count } = await db
    .selectFrom('event_invitations')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('event_id', '=', eventId)
    .where('declined_at', 'is', null)
    .executeTakeFirstOrThrow();
  return count;
}

/** False when there was none; `isOpen`: one that was declined stays. */
export async function deleteInvitation(
  tx: Transaction<PhotoSchema>,
  eventId: string,
  creatorId: string,
  { isOpen = false }: { isOpen?: boolean } = {},
): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('event_invitations')
    .where('event_id', '=', eventId)
    .where('creator_id', '=', creatorId)
    .$if(isOpen, (query) => query.where('declined_at', 'is', null))
    .executeTakeFirst();
  return numDeletedRows === 1n;
}

/** `before`: it was declined already. */
export async function markInvitationDeclined(
  tx: Transaction<PhotoSchema>,
  { eventId, creatorId, at }: { eventId: string; creatorId: string; at: Date },
): Promise<'now' | 'before' | 'none'> {
  const { numUpdatedRows } = await tx
    .updateTable('event_invitations')
    .set({ declined_at: at })
    .where('event_id', '=', eventId)
    .where('creator_id', '=', creatorId)
    .where('declined_at', 'is', null)
    .executeTakeFirst();
  if (numUpdatedRows === 1n) return 'now';
  return (await findInvitation(tx, eventId, creatorId)) === undefined ? 'none' : 'before';
}

export interface InvitedPosition {
  /** As `exactTime` wrote it. */
  readonly invitedAt: string;
  readonly eventId: string;
}

/** A creator's invitations that wait for an answer, newest first, with what they need to decide. */
export async function listInvitationsByCreator(
  db: Db<PhotoSchema>,
  creatorId: string,
  { before, limit }: { before: InvitedPosition | undefined; limit: number },
) {
  return db
    .selectFrom('event_invitations as i')
    .innerJoin('events', 'events.event_id', 'i.event_id')
    .leftJoin('creators', 'creators.creator_id', 'events.owner_id')
    .select(['i.event_id', 'i.invited_at', 'events.name', 'events.starts_at', 'events.ends_at', 'events.time_zone'])
    .select(['events.place', 'events.visibility', 'events.owner_id', 'creators.display_name as owner_name'])
    .where('i.creator_id', '=', creatorId)
    .where('i.declined_at', 'is', null)
    .$if(before !== undefined, (query) =>
      query.where(sql<boolean>`(i.invited_at, i.event_id) < (${before?.invitedAt}, ${before?.eventId}::uuid)`),
    )
    .orderBy('i.invited_at', 'desc')
    .orderBy('i.event_id', 'desc')
    .limit(limit)
    .execute();
}

/** An event has a hundred creators, those who are invited counted; the declined are beside them. */
const creatorsShownMax = 300;

/** Who takes part in an event, and for its owner who is invited or declined. */
export async function listCreatorsOfEvent(db: Db<PhotoSchema>, eventId: string, { isOwner }: { isOwner: boolean }) {
  const parts = db
    .selectFrom('event_creators')
    .select(['creator_id', sql<'takes_part' | 'invited' | 'declined'>`'takes_part'`.as('state')])
    .where('event_id', '=', eventId);
  const invited = db
    .selectFrom('event_invitations')
    .select([
      'creator_id',
      sql<'takes_part' | 'invited' | 'declined'>`case when declined_at is null then 'invited' else 'declined' end`.as(
        'state',
      ),
    ])
    .where('event_id', '=', eventId)
    .where(isOwner ? sql<boolean>`true` : sql<boolean>`false`);
  return db
    .selectFrom(parts.unionAll(invited).as('c'))
    .leftJoin('creators', 'creators.creator_id', 'c.creator_id')
    .select(['c.creator_id', 'c.state', 'creators.display_name as name'])
    .orderBy('c.state', 'desc')
    .orderBy('c.creator_id')
    .limit(creatorsShownMax)
    .execute();
}

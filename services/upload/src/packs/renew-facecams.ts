import { FacecamsOutdatedSchema } from '@kilas/contracts/gen/kilas/upload/v1/events_pb.js';
import type { Db } from '@kilas/platform/db/database.ts';
import { transact } from '@kilas/platform/db/transact.ts';
import type { Transaction } from 'kysely';
import type { UploadContext } from '../context.ts';
import type { UploadSchema } from '../db/schema.ts';
import type { Facecam } from '../facecams/facecam.ts';
import { listFacecamsByMember, lockMember } from '../facecams/facecam-store.ts';
import { insertPackNotice, markAsked } from '../facecams/pack-notice-store.ts';
import { renewSelfiesJob } from './jobs.ts';

const facecamsMax = 20;

/** A change of the model pack as it concerns one member. */
export interface Renewal {
  readonly memberId: string;
  readonly packId: string;
  readonly until: string;
}

/**
 * Handles a change of the model pack for a member, once. Enrols kept selfies again without asking. Asks a member without kept selfies for a new
 * one. Does nothing for a member who has no facecam any more.
 */
export async function renewFacecams(ctx: UploadContext, renewal: Renewal): Promise<void> {
  const { memberId } = renewal;
  await transact(ctx.db, async (tx) => {
    await lockMember(tx, memberId);
    const facecams = await listReadyFacecams(tx, memberId);
    if (facecams.length === 0) return;
    if (!(await insertPackNotice(tx, renewal, ctx.clock.now()))) return;
    if (facecams.some(({ selfie_key }) => selfie_key !== null))
      await ctx.jobs.send(tx, renewSelfiesJob, { ...renewal });
    else await ask(ctx, tx, renewal);
  });
}

/** Asks a member for a new selfie, unless they were asked because of this change or have no facecam any more. */
export async function askForSelfie(ctx: UploadContext, renewal: Renewal): Promise<void> {
  await transact(ctx.db, async (tx) => {
    await lockMember(tx, renewal.memberId);
    if ((await listReadyFacecams(tx, renewal.memberId)).length > 0) await ask(ctx, tx, renewal);
  });
}

async function ask(ctx: UploadContext, tx: Transaction<UploadSchema>, renewal: Renewal): Promise<void> {
  const { memberId, until } = renewal;
  if (!(await markAsked(tx, renewal, ctx.clock.now()))) return;
  await ctx.outbox.publish(tx, FacecamsOutdatedSchema, memberId, { memberId, until });
}

export async function listReadyFacecams(db: Db<UploadSchema>, memberId: string): Promise<Facecam[]> {
  return (await listFacecamsByMember(db, memberId, facecamsMax)).filter(({ state }) => state === 'ready');
}

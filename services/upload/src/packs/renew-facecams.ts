import { createClient } from '@connectrpc/connect';
import { FaceService } from '@kilas/contracts/gen/kilas/ai/v1/face_service_pb.js';
import { FacecamsOutdatedSchema } from '@kilas/contracts/gen/kilas/upload/v1/events_pb.js';
import type { JobRun } from '@kilas/platform/jobs.ts';
import { transact } from '@kilas/platform/transact.ts';
import type { UploadContext } from '../context.ts';
import { findFacecam, listFacecamsByMember, lockMember } from '../facecams/facecam-store.ts';
import { finalReason } from '../final-reason.ts';
import { enrolAgainJob } from './jobs.ts';
import { insertPackNotice } from './pack-notice-store.ts';

const facecamsMax = 20;
const enrolTimeoutMs = 120_000;

/**
 * Takes a change of the model pack up with a member, once: selfies that are kept are enrolled anew without asking; without one the
 * member is asked for a new one. Nothing for a member who has no facecam any more.
 */
export async function renewFacecams(
  ctx: UploadContext,
  { memberId, packId, until }: { memberId: string; packId: string; until: string },
): Promise<void> {
  await transact(ctx.db, async (tx) => {
    await lockMember(tx, memberId);
    const facecams = (await listFacecamsByMember(tx, memberId, facecamsMax)).filter(({ state }) => state === 'ready');
    if (facecams.length === 0) return;
    if (!(await insertPackNotice(tx, { memberId, packId }, ctx.clock.now()))) return;
    const kept = facecams.filter(({ selfie_key }) => selfie_key !== null);
    for (const { facecam_id: facecamId } of kept) await ctx.jobs.send(tx, enrolAgainJob, { facecamId, until });
    if (kept.length === 0) await ctx.outbox.publish(tx, FacecamsOutdatedSchema, memberId, { memberId, until });
  });
}

/** Has ai make the template anew. A selfie that the new pack will not have is asked for as if it had not been kept. */
export async function enrolAgain(ctx: UploadContext, run: JobRun<{ facecamId: string; until: string }>): Promise<void> {
  const { facecamId, until } = run.data;
  const facecam = await findFacecam(ctx.db, facecamId);
  if (facecam?.state !== 'ready' || facecam.selfie_key === null) return;
  const { member_id: memberId, consent_epoch: consentEpoch, selfie_key: selfieKey } = facecam;
  try {
    const enrolment = { memberId, facecamId, consentEpoch, selfieKey };
    const options = { timeoutMs: enrolTimeoutMs, signal: run.signal };
    await createClient(FaceService, ctx.peers('ai')).enrolFacecam(enrolment, options);
  } catch (error) {
    const reason = finalReason(error);
    if (reason === undefined) throw error;
    ctx.log.info({ facecamId, reason }, 'a kept selfie could not be enrolled anew');
    if (reason === 'CONSENT_WITHDRAWN' || reason === 'FACECAM_FORGOTTEN') return;
    await transact(ctx.db, (tx) => ctx.outbox.publish(tx, FacecamsOutdatedSchema, memberId, { memberId, until }));
  }
}

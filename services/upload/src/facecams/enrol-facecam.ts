import { createClient } from '@connectrpc/connect';
import { FaceService } from '@kilas/contracts/gen/kilas/ai/v1/face_service_pb.js';
import { FacecamFailedSchema, FaceEnrolledTwiceSchema } from '@kilas/contracts/gen/kilas/upload/v1/events_pb.js';
import type { Reason } from '@kilas/messages/problems.ts';
import { transact } from '@kilas/platform/db/transact.ts';
import type { JobRun } from '@kilas/platform/jobs/jobs.ts';
import { refusalOf } from '@kilas/platform/problems/refusal.ts';
import type { UploadContext } from '../context.ts';
import { finalReason } from '../final-reason.ts';
import { facecamsFailed } from '../metrics.ts';
import { deleteObjectJob } from '../objects/delete-object.ts';
import { type Facecam, rejectionReason, type SelfieCheck } from './facecam.ts';
import { findFacecam, lockConsentingMember, markEnded } from './facecam-store.ts';

const enrolTimeoutMs = 120_000;

const notTheSamePerson: Reason = 'FACECAM_NOT_THE_SAME_PERSON';

/** Has the template made. The selfie goes once there is a template, or once it is clear that there will be none. */
export async function enrolFacecam(ctx: UploadContext, run: JobRun<{ facecamId: string }>): Promise<void> {
  const facecam = await findFacecam(ctx.db, run.data.facecamId);
  if (facecam?.state !== 'pending' || facecam.selfie_key === null) return;
  await endEnrolment(ctx, facecam, await enrol(ctx, facecam, facecam.selfie_key, run));
}

type Outcome =
  | { reason: null; check: SelfieCheck; alikeMemberIds: readonly string[] }
  | { reason: string; check: null; alikeMemberIds?: undefined };

/** Throws what is worth another try. */
async function enrol(
  ctx: UploadContext,
  facecam: Facecam,
  selfieKey: string,
  run: Pick<JobRun<unknown>, 'isLastAttempt' | 'signal'>,
): Promise<Outcome> {
  try {
    const { quality, realScore, liveScore, alikeMemberIds } = await createClient(
      FaceService,
      ctx.peers('ai'),
    ).enrolFacecam(
      {
        memberId: facecam.member_id,
        facecamId: facecam.facecam_id,
        consentEpoch: facecam.consent_epoch,
        selfieKey,
        provenLive: facecam.proven_live,
      },
      { timeoutMs: enrolTimeoutMs, signal: run.signal },
    );
    return {
      reason: null,
      check: { quality: quality ?? null, realScore: realScore ?? null, liveScore: liveScore ?? null },
      alikeMemberIds,
    };
  } catch (error) {
    const reason = reasonOf(error) ?? (run.isLastAttempt ? 'PROCESSING_FAILED' : undefined);
    if (reason === undefined) throw error;
    ctx.log.warn({ err: error, facecamId: facecam.facecam_id, reason }, 'a selfie failed after it was accepted');
    return { reason, check: null };
  }
}

/** The code that the same selfie would have been refused with at the door; undefined for what may pass. */
function reasonOf(error: unknown): string | undefined {
  const reason = finalReason(error);
  if (reason === 'FACECAM_REJECTED') return rejectionReason(refusalOf(error)?.params.rejection ?? '');
  if (reason === 'FACECAM_MISMATCH') return notTheSamePerson;
  return reason;
}

/** Writes nothing for a facecam that was removed, or whose consent was withdrawn, while ai was at work. */
async function endEnrolment(ctx: UploadContext, facecam: Facecam, outcome: Outcome): Promise<void> {
  const { reason, check, alikeMemberIds = [] } = outcome;
  const isKept = facecam.is_selfie_kept && reason === null;
  const selfieKey = facecam.selfie_key;
  const isFailed = await transact(ctx.db, async (tx) => {
    await lockConsentingMember(tx, { memberId: facecam.member_id, consentEpoch: facecam.consent_epoch });
    const isEnded = await markEnded(tx, {
      facecamId: facecam.facecam_id,
      state: reason === null ? 'ready' : 'failed',
      reason,
      selfieKey: isKept ? selfieKey : null,
      check,
    });
    if (isEnded && alikeMemberIds.length > 0) {
      const memberId = facecam.member_id;
      const others = { memberId, otherMemberIds: [...alikeMemberIds] };
      await ctx.outbox.publish(tx, FaceEnrolledTwiceSchema, memberId, others);
    }
    if (isEnded && reason !== null) {
      const [memberId, facecamId] = [facecam.member_id, facecam.facecam_id];
      await ctx.outbox.publish(tx, FacecamFailedSchema, memberId, { memberId, facecamId, reason });
    }
    if (isEnded && !isKept && selfieKey !== null) {
      await ctx.jobs.send(tx, deleteObjectJob, { bucket: 'selfies', key: selfieKey });
    }
    return isEnded && reason !== null;
  }).catch((error) => {
    if (refusalOf(error)?.reason !== 'CONSENT_WITHDRAWN') throw error;
    return false;
  });
  if (isFailed && reason !== null) facecamsFailed.add({ reason });
}

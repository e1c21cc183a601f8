import { createClient } from '@connectrpc/connect';
import { FaceService } from '@kilas/contracts/gen/kilas/ai/v1/face_service_pb.js';
import type { JobRun } from '@kilas/platform/jobs.ts';
import { refusalOf } from '@kilas/platform/refusal.ts';
import { transact } from '@kilas/platform/transact.ts';
import type { UploadContext } from '../context.ts';
import { finalReason } from '../final-reason.ts';
import { deleteObjectJob } from '../objects/delete-object.ts';
import type { Facecam } from './facecam.ts';
import { findFacecam, lockConsentingMember, markEnded } from './facecam-store.ts';

const enrolTimeoutMs = 120_000;

/** Has the template made. The selfie goes once there is a template, or once it is clear that there will be none. */
export async function enrolFacecam(ctx: UploadContext, run: JobRun<{ facecamId: string }>): Promise<void> {
  const facecam = await findFacecam(ctx.db, run.data.facecamId);
  if (facecam?.state !== 'pending' || facecam.selfie_key === null) return;
  const reason = await enrol(ctx, facecam, facecam.selfie_key, run);
  await endEnrolment(ctx, facecam, reason);
}

/** Null for success, else why there will be no template; throws what is worth another try. */
async function enrol(
  ctx: UploadContext,
  facecam: Facecam,
  selfieKey: string,
  run: Pick<JobRun<unknown>, 'isLastAttempt' | 'signal'>,
): Promise<string | null> {
  try {
    await createClient(FaceService, ctx.peers('ai')).enrolFacecam(
      {
        memberId: facecam.member_id,
        facecamId: facecam.facecam_id,
        consentEpoch: facecam.consent_epoch,
        selfieKey,
      },
      { timeoutMs: enrolTimeoutMs, signal: run.signal },
    );
    return null;
  } catch (error) {
    const reason = finalReason(error);
    if (reason !== undefined) return reason;
    if (run.isLastAttempt) return 'PROCESSING_FAILED';
    throw error;
  }
}

/** Writes nothing for a facecam that was removed, or whose consent was withdrawn, while ai was at work. */
async function endEnrolment(ctx: UploadContext, facecam: Facecam, reason: string | null): Promise<void> {
  const isKept = facecam.is_selfie_kept && reason === null;
  const selfieKey = facecam.selfie_key;
  await transact(ctx.db, async (tx) => {
    await lockConsentingMember(tx, { memberId: facecam.member_id, consentEpoch: facecam.consent_epoch });
    const isEnded = await markEnded(tx, {
      facecamId: facecam.facecam_id,
      state: reason === null ? 'ready' : 'failed',
      reason,
      selfieKey: isKept ? selfieKey : null,
    });
    if (isEnded && !isKept && selfieKey !== null) {
      await ctx.jobs.send(tx, deleteObjectJob, { bucket: 'selfies', key: selfieKey });
    }
  }).catch((error) => {
    if (refusalOf(error)?.reason !== 'CONSENT_WITHDRAWN') throw error;
  });
}

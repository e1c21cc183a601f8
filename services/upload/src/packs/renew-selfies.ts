import { createClient } from '@connectrpc/connect';
import { FaceService } from '@kilas/contracts/gen/kilas/ai/v1/face_service_pb.js';
import type { JobRun } from '@kilas/platform/jobs/jobs.ts';
import type { UploadContext } from '../context.ts';
import type { Facecam } from '../facecams/facecam.ts';
import { finalReason } from '../final-reason.ts';
import { askForSelfie, listReadyFacecams, type Renewal } from './renew-facecams.ts';

const enrolTimeoutMs = 120_000;

/**
 * Has ai make the templates of a member's kept selfies again. If the new pack accepts none of them, the member is asked once, as if no selfie had
 * been kept. May run again after any step.
 */
export async function renewSelfies(ctx: UploadContext, run: JobRun<Renewal>): Promise<void> {
  const { data: renewal, signal } = run;
  const facecams = await listReadyFacecams(ctx.db, renewal.memberId);
  let isKnown = false;
  for (const facecam of facecams) {
    try {
      if (await enrolAgain(ctx, facecam, { packId: renewal.packId, signal })) isKnown = true;
    } catch (error) {
      // Nobody tries again: the member is the one who can do something.
      if (run.isLastAttempt) await askForSelfie(ctx, renewal);
      throw error;
    }
  }
  if (!isKnown) await askForSelfie(ctx, renewal);
}

/** Whether the new pack knows the facecam from now on. */
async function enrolAgain(
  ctx: UploadContext,
  facecam: Facecam,
  { packId, signal }: { packId: string; signal: AbortSignal },
): Promise<boolean> {
  const { facecam_id: facecamId, member_id: memberId, consent_epoch: consentEpoch, selfie_key: selfieKey } = facecam;
  const provenLive = facecam.proven_live;
  if (selfieKey === null) return false;
  try {
    const enrolment = { memberId, facecamId, consentEpoch, selfieKey, packId, provenLive };
    await createClient(FaceService, ctx.peers('ai')).enrolFacecam(enrolment, { timeoutMs: enrolTimeoutMs, signal });
    return true;
  } catch (error) {
    const reason = finalReason(error);
    if (reason === undefined) throw error;
    ctx.log.info({ facecamId, reason }, 'a kept selfie could not be enrolled anew');
    return false;
  }
}

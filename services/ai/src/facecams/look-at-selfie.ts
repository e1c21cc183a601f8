import { fivePointsOf } from '@kilas/face-engine/alignment/five-points.ts';
import type { AnalysedFace } from '@kilas/face-engine/analysis/analyse-image.ts';
import type { Liveness } from '@kilas/face-engine/liveness/liveness-nets.ts';
import { judgeSelfie, type SelfieRefusal } from '@kilas/face-engine/selfies/judge-selfie.ts';
import type { Thing } from '../analysis/analyser.ts';
import { refuseFaultyImage } from '../analysis/refuse-image.ts';
import type { AiContext } from '../context.ts';
import { explainNoFace } from './explain-no-face.ts';

/** Why a selfie will not do, whatever the member's others show. */
export type SelfieRejection = SelfieRefusal | 'not_live';

export type SelfieLook =
  | { ok: true; face: AnalysedFace; liveness: Liveness | undefined }
  | { ok: false; rejection: SelfieRejection };

/**
 * Looks at a selfie once it is its turn: the one judge at the door and at enrolment, so that what was let in is not refused later.
 * Scores the liveness when it is to be kept, or when a selfie may be refused for it. Refuses with IMAGE_BROKEN, IMAGE_TOO_LARGE, IMAGE_QUARANTINED, AI_BUSY.
 */
export async function lookAtSelfie(
  ctx: AiContext,
  signal: AbortSignal,
  selfie: { memberId: string; thing: Thing; read: () => Promise<Uint8Array>; keepsLiveness: boolean },
): Promise<SelfieLook> {
  const livenessMin = ctx.config.SELFIE_LIVENESS_MIN;
  return ctx.analyser
    .run(
      { line: 'selfies', whose: selfie.memberId, thing: selfie.thing, signal },
      async (analyse, scoreLiveness): Promise<SelfieLook> => {
        const file = await selfie.read();
        const verdict = judgeSelfie(await analyse(file));
        if (!verdict.ok) {
          const { reason } = verdict;
          return { ok: false, rejection: reason === 'no_face' ? await explainNoFace(file) : reason };
        }
        const { face } = verdict;
        if (livenessMin === 0 && !selfie.keepsLiveness) return { ok: true, face, liveness: undefined };
        const liveness = await scoreLiveness(file, fivePointsOf(face.landmarks));
        const isLive = Math.min(liveness.realScore, liveness.liveScore) >= livenessMin;
        return isLive ? { ok: true, face, liveness } : { ok: false, rejection: 'not_live' };
      },
    )
    .catch(refuseFaultyImage);
}

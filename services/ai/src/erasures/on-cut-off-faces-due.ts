import { CutOffFacesDueSchema } from '@kilas/contracts/gen/kilas/user/v1/events_pb.js';
import type { DeletionProof } from '@kilas/platform/events/deletion-proof.ts';
import { type Subscription, subscribeWithProof } from '@kilas/platform/events/events.ts';
import type { AiSchema } from '../db/schema.ts';
import { findErasure } from './erasure-store.ts';
import type { ProofContext } from './prove-erasure.ts';

/**
 * Says of a withdrawal when the faces were gone that it cut off from its member. The sweep erases them; the event comes again until it has. Of a
 * withdrawal that is not known here nothing waits.
 */
export function onCutOffFacesDue(ctx: Pick<ProofContext, 'db' | 'clock'>): Subscription<AiSchema> {
  const prove = async (erasureId: string): Promise<DeletionProof> => {
    const erasure = await findErasure(ctx.db, erasureId);
    const now = ctx.clock.now();
    const isNoneCutOff = erasure?.cut_off_until == null;
    const goneAt = isNoneCutOff ? now : (erasure.cut_off_gone_at ?? undefined);
    return { unsearchableAt: goneAt ?? now, goneAt, vectorsProbed: 0, survivors: 0 };
  };
  return subscribeWithProof(
    'user',
    CutOffFacesDueSchema,
    async (_tx, { erasureId }) => ({ effects: {}, prove: () => prove(erasureId) }),
    ({ erasureId }) => prove(erasureId),
  );
}

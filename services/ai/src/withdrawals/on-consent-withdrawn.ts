import { ConsentWithdrawnSchema } from '@kilas/contracts/gen/kilas/user/v1/events_pb.js';
import { type Subscription, subscribeWithProof } from '@kilas/platform/events/events.ts';
import { cutOffUntil } from '../claims/cut-off.ts';
import type { AiSchema } from '../db/schema.ts';
import type { ErasedVector } from '../erasures/erased-vector.ts';
import { insertWithdrawal } from '../erasures/erasure-store.ts';
import { type ProofContext, proveErasure } from '../erasures/prove-erasure.ts';
import type { ErasedTemplate } from '../templates/template-store.ts';
import { eraseMember } from './erase-member.ts';
import { countLinks } from './link-store.ts';

/** The template's own and, where it led with another, that one. The face that a confirmed one was copied from may stay. */
function vectorsOf({ packId, embedding, likeness, source }: ErasedTemplate): ErasedVector[] {
  const isCopy = source === 'confirmed';
  return [{ packId, embedding, isCopy }, ...(likeness === null ? [] : [{ packId, embedding: likeness }])];
}

/**
 * Erases the member who withdrew, and proves it before it answers. Only the process that erased the vectors knows them. A process that hears of the
 * same withdrawal later counts what is left of the member, and finishes.
 */
export function onConsentWithdrawn(ctx: ProofContext): Subscription<AiSchema> {
  const countRows = ({ memberId, epoch }: { memberId: string; epoch: number }) => countLinks(ctx.db, memberId, epoch);
  return subscribeWithProof(
    'user',
    ConsentWithdrawnSchema,
    async (tx, event, { eventId, occurredAt }) => {
      const erasedAt = ctx.clock.now();
      const until = cutOffUntil(occurredAt, erasedAt);
      const { templates, faces, matchCount, cutOffCount } = await eraseMember(tx, event, until);
      const counts = { templateCount: templates.length, faceCount: faces.length, cutOffCount };
      const cutOff = cutOffCount === 0 ? null : until;
      await insertWithdrawal(tx, { erasureId: eventId, ...counts, dueAt: occurredAt, erasedAt, cutOffUntil: cutOff });
      const { memberId } = event;
      const vectors = [...templates.flatMap(vectorsOf), ...faces];
      return {
        effects: {
          templates: templates.length,
          faces: faces.length,
          facesCutOff: cutOffCount,
          matches: matchCount,
        },
        prove: () => proveErasure(ctx, { erasureId: eventId, memberId, vectors, countRows: () => countRows(event) }),
      };
    },
    (event, { eventId }) => proveErasure(ctx, { erasureId: eventId, countRows: () => countRows(event) }),
  );
}

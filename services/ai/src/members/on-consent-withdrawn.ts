import { ConsentWithdrawnSchema } from '@kilas/contracts/gen/kilas/user/v1/events_pb.js';
import { type Subscription, subscribeErasure } from '@kilas/platform/events.ts';
import type { AiSchema } from '../db/schema.ts';
import type { ErasedVector } from '../erasures/erased-vector.ts';
import { insertWithdrawal } from '../erasures/erasure-store.ts';
import { type ProofContext, proveErasure } from '../erasures/prove-erasure.ts';
import { countTemplatesUpTo, type ErasedTemplate } from '../facecams/template-store.ts';
import { countMatchesUpTo } from './claim-store.ts';
import { eraseMember } from './erase-member.ts';

/** The template's own and, where it led with another, that one. */
function vectorsOf({ packId, embedding, likeness }: ErasedTemplate): ErasedVector[] {
  return [{ packId, embedding }, ...(likeness === null ? [] : [{ packId, embedding: likeness }])];
}

/**
 * Erases who withdrew, and proves it before it answers. The vectors to look for are known to the process that erased them alone;
 * one that hears of the same withdrawal later counts what is left of the member, and finishes.
 */
export function onConsentWithdrawn(ctx: ProofContext): Subscription<AiSchema> {
  const countRows = async ({ memberId, epoch }: { memberId: string; epoch: number }) =>
    (await countTemplatesUpTo(ctx.db, memberId, epoch)) + (await countMatchesUpTo(ctx.db, memberId, epoch));
  return subscribeErasure(
    'user',
    ConsentWithdrawnSchema,
    async (tx, event, { eventId, occurredAt }) => {
      const { templates, faces, matchCount } = await eraseMember(tx, event);
      const counts = { templateCount: templates.length, faceCount: faces.length };
      await insertWithdrawal(tx, { erasureId: eventId, ...counts, dueAt: occurredAt, erasedAt: ctx.clock.now() });
      const { memberId } = event;
      const vectors = [...templates.flatMap(vectorsOf), ...faces];
      return {
        effects: { templates: templates.length, faces: faces.length, matches: matchCount },
        prove: () => proveErasure(ctx, { erasureId: eventId, memberId, vectors, countRows: () => countRows(event) }),
      };
    },
    (event, { eventId }) => proveErasure(ctx, { erasureId: eventId, countRows: () => countRows(event) }),
  );
}

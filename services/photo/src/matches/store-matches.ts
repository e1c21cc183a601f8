import { MatchesFoundSchema } from '@kilas/contracts/gen/kilas/photo/v1/events_pb.js';
import type { Transaction } from 'kysely';
import type { PhotoContext } from '../context.ts';
import type { PhotoSchema } from '../db/schema.ts';
import { lockErasedEpochs } from '../members/member-store.ts';
import { cutOf } from '../viewers/viewer.ts';
import { bestPerPair, type Match } from './match.ts';
import { listForgottenFacecams, listShownMatches, lockCreatorsOfPhotos, upsertMatch } from './match-store.ts';

/**
 * Stores one face of each pair and tells user of those pairs that are new and shown by default: what a crowd makes likely to be a
 * stranger is kept, and so is what the member is asked about, but nobody is called for it. Dropped are matches of erased epochs, of facecams that were
 * taken away, of photos that are not there, and of a creator with their own photos. Answers how many pairs are new.
 */
export async function storeMatches(
  ctx: PhotoContext,
  tx: Transaction<PhotoSchema>,
  matches: readonly Match[],
): Promise<number> {
  const erased = await lockErasedEpochs(
    tx,
    matches.map(({ memberId }) => memberId),
  );
  const forgotten = await listForgottenFacecams(
    tx,
    matches.map(({ facecamId }) => facecamId),
  );
  const creators = await lockCreatorsOfPhotos(
    tx,
    matches.map(({ photoId }) => photoId),
  );
  const cut = cutOf(ctx, 0);
  const known = matches.filter(({ facecamId }) => !forgotten.has(facecamId));
  const kept = bestPerPair(known, cut)
    .filter(({ memberId, consentEpoch }) => consentEpoch > (erased.get(memberId) ?? 0))
    .filter(({ memberId, photoId }) => creators.has(photoId) && creators.get(photoId) !== memberId)
    .sort((a, b) => (`${a.photoId}${a.memberId}` < `${b.photoId}${b.memberId}` ? -1 : 1));
  const found = new Map<string, string[]>();
  for (const match of kept) {
    const isNew = await upsertMatch(tx, match, { cut, now: ctx.clock.now() });
    if (isNew) found.set(match.memberId, [...(found.get(match.memberId) ?? []), match.photoId]);
  }
  for (const [memberId, newIds] of found) {
    const photoIds = await listShownMatches(tx, memberId, newIds, cut);
    if (photoIds.length === 0) continue;
    await ctx.outbox.publish(tx, MatchesFoundSchema, memberId, { memberId, photoIds });
  }
  return [...found.values()].reduce((sum, photoIds) => sum + photoIds.length, 0);
}

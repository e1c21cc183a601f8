import { refuse } from '@kilas/messages/refuse.ts';
import type { PhotoContext } from '../context.ts';
import type { Match } from './match.ts';
import { storeMatches } from './store-matches.ts';

/** Matches in one call at most. */
const matchCountMax = 500;

/** Records what a facecam found among the photos already there. */
export async function recordMatches(ctx: PhotoContext, matches: readonly Match[]): Promise<void> {
  if (matches.length > matchCountMax) refuse('REQUEST_INVALID');
  await ctx.db.transaction().execute((tx) => storeMatches(ctx, tx, matches));
}

import type { PhotoContext } from '../context.ts';
import type { Match } from './match.ts';
import { storeMatches } from './store-matches.ts';

/** Records what a facecam found among the photos already there. */
export async function recordMatches(ctx: PhotoContext, matches: readonly Match[]): Promise<void> {
  await ctx.db.transaction().execute((tx) => storeMatches(ctx, tx, matches));
}

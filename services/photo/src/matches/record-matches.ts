import { transact } from '@kilas/platform/db/transact.ts';
import type { PhotoContext } from '../context.ts';
import { matchesRecorded } from '../metrics.ts';
import type { Match } from './match.ts';
import { storeMatches } from './store-matches.ts';

/** Records what a facecam found among the photos already there. */
export async function recordMatches(ctx: PhotoContext, matches: readonly Match[]): Promise<void> {
  matchesRecorded.add({}, await transact(ctx.db, (tx) => storeMatches(ctx, tx, matches)));
}

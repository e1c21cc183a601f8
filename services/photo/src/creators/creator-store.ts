import type { Db } from '@kilas/platform/db/database.ts';
import type { PhotoSchema } from '../db/schema.ts';

/** Keeps the newest name, whatever the order in which events arrive. */
export async function upsertCreator(
  db: Db<PhotoSchema>,
  creator: { creatorId: string; displayName: string; toldAt: Date },
): Promise<void> {
  await db
    .insertInto('creators')
    .values({ creator_id: creator.creatorId, display_name: creator.displayName, told_at: creator.toldAt })
    .onConflict((conflict) =>
      conflict
        .column('creator_id')
        .doUpdateSet({ display_name: creator.displayName, told_at: creator.toldAt })
        .where('creators.told_at', '<=', creator.toldAt),
    )
    .execute();
}

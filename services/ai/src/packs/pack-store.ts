import type { Transaction } from 'kysely';
import type { AiSchema } from '../db/schema.ts';

/**
 * Notes a pack and how long its embeddings are; what is known of it stays, and an embedding of another length is then refused by
 * the foreign key.
 */
export async function insertPack(
  tx: Transaction<AiSchema>,
  packId: string,
  embedded: readonly { readonly embedding: Float32Array }[],
): Promise<void> {
  const dimension = embedded[0]?.embedding.length;
  if (dimension === undefined) return;
  await tx
    .insertInto('packs')
    .values({ pack_id: packId, dimension })
    .onConflict((conflict) => conflict.column('pack_id').doNothing())
    .execute();
}

/** Which packs are believed first where several know a face, the first one most. */
export async function rankPacks(tx: Transaction<AiSchema>, packIds: readonly string[]): Promise<void> {
  for (const [index, packId] of packIds.entries()) {
    const rank = packIds.length - index;
    await tx.updateTable('packs').set({ rank }).where('pack_id', '=', packId).execute();
  }
}

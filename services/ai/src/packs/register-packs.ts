import { transact } from '@kilas/platform/db/transact.ts';
import { ConfigError } from '@kilas/platform/process/env.ts';
import type { AiContext } from '../context.ts';
import { listOtherPacks, rankPacks, upsertPack } from './pack-store.ts';

/** Notes the packs in force, and which is believed first. Throws a ConfigError when one is another than the rows were made with. */
export async function registerPacks(ctx: Pick<AiContext, 'db' | 'log' | 'packs'>): Promise<void> {
  const packs = ctx.packs.list();
  const problems = await transact(ctx.db, async (tx) => {
    const found: string[] = [];
    for (const { manifest } of packs) {
      const { id: packId, calibration } = manifest;
      const { dimension } = manifest.embedder;
      const known = await upsertPack(tx, { packId, dimension, calibration });
      if (known !== dimension)
        found.push(
          `model pack ${packId}: gave ${known} numbers before and now ${dimension}; another pack needs another id`,
        );
    }
    await rankPacks(tx, ctx.packs.ids());
    return found;
  });
  if (problems.length > 0) throw new ConfigError(problems);
  const others = await listOtherPacks(ctx.db, [...ctx.packs.ids(), ...(ctx.packs.old ? [ctx.packs.old.id] : [])]);
  for (const packId of others) {
    ctx.log.warn(
      { packId },
      'members are enrolled under a model pack that FACE_PACK_OLD does not name: they find no new photos',
    );
  }
}

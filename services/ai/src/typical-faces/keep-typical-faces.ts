import type { Db } from '@kilas/platform/db/database.ts';
import { transact } from '@kilas/platform/db/transact.ts';
import type { Vacuum } from '@kilas/platform/db/vacuum.ts';
import { addSeconds } from '@kilas/platform/process/clock.ts';
import type { Log } from '@kilas/platform/process/log.ts';
import type { AiContext } from '../context.ts';
import type { AiSchema } from '../db/schema.ts';
import type { TypicalFace } from '../distances/normalised-distance.ts';
import { keepRepeating } from '../keep-repeating.ts';
import {
  countSampledFaces,
  findTypicalFaceState,
  lockTypicalFace,
  resetTypicalFace,
  type TypicalFaceState,
  updateTypicalFace,
} from './typical-face-store.ts';

/** Fewer faces say less of an installation than the typical face that comes with the pack, and a mean of few is nearly somebody's. */
export const typicalFacesMin = 1_000;
const renewedAfterSeconds = 30 * 86_400;
const checkEveryMs = 5 * 60_000;

export type TypicalContext = Pick<AiContext, 'db' | 'clock'> & {
  readonly log: Pick<Log, 'info' | 'error'>;
  readonly packs: { ids(): readonly string[] };
  readonly vacuum: Pick<Vacuum, 'run'>;
  readonly typical: { startOf(packId: string): TypicalFace | undefined };
};

/**
 * Makes the typical face of each pack in force again from the installation's faces: when there are enough of them for the first time, when they
 * have doubled, after a month, and soon after a withdrawal erased faces. With too few faces the pack's own is in force again. Any number of
 * replicas may do it at once.
 */
export async function keepTypicalFaces(ctx: TypicalContext, facesMin = typicalFacesMin): Promise<void> {
  for (const packId of ctx.packs.ids()) {
    const start = ctx.typical.startOf(packId);
    if (start === undefined) continue;
    const now = ctx.clock.now();
    const look = async (known: TypicalFaceState | undefined, db: Db<AiSchema>) => {
      if (known === undefined) return undefined;
      const sampled = await countSampledFaces(db, packId);
      return isDue(known, { sampled, facesMin, now }) ? sampled : undefined;
    };
    // Without the lock, for which erasures would wait: hardly ever anything is due.
    if ((await look(await findTypicalFaceState(ctx.db, packId), ctx.db)) === undefined) continue;
    const faceCount = await transact(ctx.db, async (tx) => {
      // First of all: what was erased before is not in the snapshots after it, and what is erased later is noted again.
      const sampled = await look(await lockTypicalFace(tx, packId), tx);
      if (sampled === undefined) return undefined;
      if (sampled >= facesMin) await updateTypicalFace(tx, packId, now);
      else await resetTypicalFace(tx, packId, start, now);
      return sampled >= facesMin ? sampled : 0;
    });
    if (faceCount === undefined) continue;
    ctx.log.info({ packId, faceCount }, 'made the typical face anew');
    // What the one before differs by are the faces that were erased since.
    await ctx.vacuum.run();
  }
}

/** Looks now and every few minutes whether one is to be made anew. */
export function keepTypical(ctx: TypicalContext): { stop(): Promise<void> } {
  return keepRepeating(() => keepTypicalFaces(ctx), {
    everyMs: checkEveryMs,
    onError: (error) => ctx.log.error({ err: error }, 'the typical face could not be made anew'),
  });
}

function isDue(
  { faceCount, isStale, madeAt }: TypicalFaceState,
  { sampled, facesMin, now }: { sampled: number; facesMin: number; now: Date },
): boolean {
  if (isStale) return true;
  const isOld = now >= addSeconds(madeAt, renewedAfterSeconds);
  // Of faces whose time is over nothing stays for longer than that.
  if (sampled < facesMin) return faceCount > 0 && isOld;
  return isOld || sampled >= 2 * faceCount;
}

import type { AiContext } from '../context.ts';
import { isWithinDefaultLevel } from '../distances/default-cut.ts';
import { tellForgotten, tellMatches } from '../matching/tell-photo.ts';
import { listCalibrations } from '../packs/pack-store.ts';
import {
  type Doubt,
  deleteConfirmedTemplates,
  deleteUntoldEnding,
  listDoubts,
  listUntoldEndings,
} from '../templates/confirmed-store.ts';
import { takeAway } from './take-away.ts';

const endingsPerRound = 100;

/**
 * Ends confirmed faces as templates that lie near to a selfie of another member: the member's own, and others' near to the member's
 * selfies. Called after either was committed: of the two who come at the same moment, at least one sees the other. May run again after
 * any step.
 */
export async function endDoubtfulFaces(ctx: AiContext, memberId: string): Promise<void> {
  const calibrationOf = await listCalibrations(ctx.db);
  const isNear = ({ packId, distance }: Doubt) => isWithinDefaultLevel(calibrationOf(packId), distance);
  const doubts = (await listDoubts(ctx.db, memberId)).filter(isNear);
  for (const ownerId of new Set(doubts.map((doubt) => doubt.memberId))) {
    const facecamIds = doubts.filter((doubt) => doubt.memberId === ownerId).map(({ facecamId }) => facecamId);
    await takeAway(ctx.db, ownerId, (tx) => deleteConfirmedTemplates(tx, ownerId, { facecamIds }));
  }
  await tellEndings(ctx);
}

/** Tells photo of all that ended since it was told last, whoever ended it and died before. */
export async function tellEndings(ctx: AiContext): Promise<void> {
  for (;;) {
    const endings = await listUntoldEndings(ctx.db, endingsPerRound);
    for (const ending of endings) await tellForgotten(ctx, ending);
    // What their other templates find takes the place of what photo has dropped.
    for (const memberId of new Set(endings.map((ending) => ending.memberId))) await tellMatches(ctx, memberId);
    for (const { facecamId } of endings) await deleteUntoldEnding(ctx.db, facecamId);
    if (endings.length < endingsPerRound) return;
  }
}

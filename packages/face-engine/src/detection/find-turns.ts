import { allTurns, type TurnDeg, turnsBeside } from '../pixels/turn.ts';
import type { Seen, Spot } from './closer-look.ts';
import type { Detection } from './detection.ts';

/** How large a doubtful face is shown, in pixels of the longer side of its box. */
export const doubtPx = 64;
/** What a turned look must say where no upright face was found, and how much more than the upright look beside it: there is one chance in each turn. */
const turnedScoreMin = 0.7;
const turnedScoreLead = 0.1;
/** A quarter turn that says less leaves no hope for the turns beside it. */
const hopeMin = 0.2;

type SeenTurned = Pick<Detection, 'box' | 'score' | 'turnDeg'>;

/**
 * Looks at each doubt by quarter turns, then by the turns beside the best of them. Answers for each the face that is seen there, where
 * it is seen turned and better so than upright, also than it was seen before where that was certain (`certainMin`).
 */
export async function findTurns(
  look: (spots: readonly Spot[]) => Promise<Seen[]>,
  doubts: readonly Detection[],
  certainMin: number,
): Promise<(SeenTurned | undefined)[]> {
  const quarters = allTurns.filter((turnDeg) => turnDeg % 90 === 0);
  const first = await lookIn(
    look,
    doubts,
    doubts.map(() => quarters),
  );
  const second = await lookIn(
    look,
    doubts,
    first.map((seen) => {
      const best = bestOf(seen);
      return best !== undefined && best.score >= hopeMin ? turnsBeside(best.turnDeg) : [];
    }),
  );
  return doubts.map(({ score }, i) => {
    const scoreMin = score >= certainMin ? score : turnedScoreMin;
    const seen = [...(first[i] ?? []), ...(second[i] ?? [])];
    const best = bestOf(seen);
    const upright = bestOf(seen.filter(({ turnDeg }) => turnDeg === 0))?.score ?? 0;
    return best && best.score >= Math.max(scoreMin, upright + turnedScoreLead) ? best : undefined;
  });
}

/** What is seen of each doubt in its turns. */
async function lookIn(
  look: (spots: readonly Spot[]) => Promise<Seen[]>,
  doubts: readonly Detection[],
  turnsOfEach: readonly (readonly TurnDeg[])[],
): Promise<SeenTurned[][]> {
  const spots = doubts.flatMap(({ box }, i) =>
    (turnsOfEach[i] ?? []).map((turnDeg) => ({ box, turnDeg, facePx: doubtPx, doubt: i })),
  );
  const seen = await look(spots);
  const found: SeenTurned[][] = doubts.map(() => []);
  for (const [i, { turnDeg, doubt }] of spots.entries()) {
    found[doubt]?.push(...(seen[i] ?? []).map((face) => ({ ...face, turnDeg })));
  }
  return found;
}

function bestOf(seen: readonly SeenTurned[]): SeenTurned | undefined {
  return seen.toSorted((a, b) => b.score - a.score)[0];
}

import { AS_IT_LIES, dot, type Place } from './imprint.ts';

/**
 * Inner product of imprints, laid upon each other as well as they will, from which they are of one picture. Measured: docs/selfies.md.
 */
export const samePictureMin = 0.92;

/** The best of the coarse places from which a closer look pays, and of so many imprints at most. */
const candidateMin = 0.3;
const closerLooksMax = 8;

/** Where a face may lie that landmarks found anew, in a picture that was marked, cut and scaled: every place of these. */
const COARSE: readonly Place[] = [false, true].flatMap((isMirrored) =>
  [0.92, 1, 1.09].flatMap((size) =>
    [-0.09, 0, 0.09].flatMap((turn) =>
      [-3, 0, 3].flatMap((dx) => [-3, 0, 3].map((dy) => ({ dx, dy, turn, size, isMirrored }))),
    ),
  ),
);

/** Some milliseconds of work. */
const betweenRests = 20;

/** From the best of them on, in smaller and smaller steps. */
const stepsPx = [1.5, 0.75, 0.4];
const rounds = 2;
/** What turns by as many radians, or grows by as much, as it moves by pixels at its edge. */
const perPx = 0.03;

/** The imprint of a face as it would be if the face lay there, turned as those that it is compared with. */
export type See = (place: Place) => Float32Array;

/**
 * Whether the picture that is seen is the one that one of these imprints is of, also in a mirror, found a little elsewhere, marked or
 * compressed. Rests again and again, so that others go on.
 */
export async function isSamePicture(see: See, imprints: readonly Float32Array[]): Promise<boolean> {
  if (imprints.length === 0) return false;
  const seen: { place: Place; imprint: Float32Array }[] = [];
  for (const [i, place] of COARSE.entries()) {
    if (i % betweenRests === 0) await rest();
    seen.push({ place, imprint: see(place) });
  }
  const candidates: Candidate[] = [];
  for (const [i, imprint] of imprints.entries()) {
    if (i % betweenRests === 0) await rest();
    const candidate = bestOf(imprint, seen);
    if (candidate.product >= candidateMin) candidates.push(candidate);
  }
  for (const candidate of candidates.toSorted((a, b) => b.product - a.product).slice(0, closerLooksMax)) {
    await rest();
    if (lookCloser(see, candidate) >= samePictureMin) return true;
  }
  return false;
}

interface Candidate {
  readonly imprint: Float32Array;
  readonly place: Place;
  readonly product: number;
}

function bestOf(imprint: Float32Array, seen: readonly { place: Place; imprint: Float32Array }[]): Candidate {
  let best: Candidate = { imprint, place: AS_IT_LIES, product: -1 };
  for (const one of seen) {
    const product = dot(one.imprint, imprint);
    if (product > best.product) best = { imprint, place: one.place, product };
  }
  return best;
}

/** The inner product at the best place around; stops where it is one picture. */
function lookCloser(see: See, { imprint, ...start }: Candidate): number {
  let { place, product } = start;
  for (const step of stepsPx) {
    for (let round = 0; round < rounds; round++) {
      for (const key of ['dx', 'dy', 'turn', 'size'] as const) {
        const by = key === 'dx' || key === 'dy' ? step : perPx * step;
        for (const moved of [place[key] - by, place[key] + by]) {
          const there = { ...place, [key]: moved };
          const better = dot(see(there), imprint);
          if (better > product) [place, product] = [there, better];
          if (product >= samePictureMin) return product;
        }
      }
    }
  }
  return product;
}

const rest = () => new Promise<void>((resolve) => setImmediate(resolve));

import type { Calibration } from '@kilas/face-engine/distances/calibration.ts';
import { falseMatchRate } from '@kilas/face-engine/distances/level.ts';
import { listCuts } from '../strangers/default-cut.ts';
import { type Fit, movedTo, type StrangerModel } from './fit-strangers.ts';

export interface CarefulCurve {
  readonly strangers: StrangerModel;
  /** Whose curve it is; both: either states more than the other somewhere, and it lies above both. */
  readonly decidedBy: 'pack' | 'fit' | 'both';
}

/**
 * What to state of strangers after a fit: at every distance that is stored neither less than the pack itself states nor less than
 * the upper end of the fit. Photos in which people happen to be unlike each other are no ground to state less than the pack.
 */
export function carefulCurve(fit: Fit, pack: Calibration): CarefulCurve {
  const upper = upperEndOf(fit, pack);
  const { candidateDistanceMax: at } = pack;
  const isAbove = (a: StrangerModel, b: StrangerModel) =>
    standardised(a, 0) >= standardised(b, 0) && standardised(a, at) >= standardised(b, at);
  if (isAbove(pack.strangers, upper)) return { strangers: pack.strangers, decidedBy: 'pack' };
  if (isAbove(upper, pack.strangers)) return { strangers: upper, decidedBy: 'fit' };
  return { strangers: curveAbove([pack.strangers, upper], at), decidedBy: 'both' };
}

/**
 * The fitted curve, moved nearer until it reaches the upper end of the fit's interval where it is said who is stored and where it is
 * said who is shown.
 */
function upperEndOf(fit: Fit, pack: Calibration): StrangerModel {
  const [{ distance: defaultCut }] = listCuts(pack);
  const means = [pack.candidateDistanceMax, defaultCut].map((distance) => {
    const high = fit.rateInterval(distance)?.high ?? 0;
    if (high <= falseMatchRate(fit, distance)) return fit.strangers.mean;
    return movedTo(fit.strangers, distance, high).mean;
  });
  return { ...fit.strangers, mean: Math.min(...means) };
}

/** The lowest normal curve that lies above all of these from distance 0 to `at`: standardised, a normal curve is a straight line. */
function curveAbove(curves: readonly StrangerModel[], at: number): StrangerModel {
  const highest = (distance: number) => Math.max(...curves.map((curve) => standardised(curve, distance)));
  const sd = at / (highest(at) - highest(0));
  return { model: 'normal', mean: -highest(0) * sd, sd };
}

function standardised({ mean, sd }: StrangerModel, distance: number): number {
  return (distance - mean) / sd;
}

import type { Calibration } from '@kilas/face-engine/distances/calibration.ts';
import { levelMax } from '@kilas/face-engine/distances/calibration.ts';
import { distanceOfLevel, falseMatchRate } from '@kilas/face-engine/distances/level.ts';
import { listCuts } from '../strangers/default-cut.ts';
import type { CarefulCurve } from './careful-curve.ts';
import type { Fit } from './fit-strangers.ts';
import type { PhotoPair, Sorted } from './set-aside.ts';

/** Pairs for a human look. */
const nearestMax = 10;
/** Errors that must have been seen before a rate counts as measured (Doddington's rule of 30). */
const ERRORS_MEASURED = 30;
/** Distances at which the curves are printed, from the largest one that is stored. */
const offsets = [0.1, 0.05, 0, -0.025, -0.05, -0.075, -0.1, -0.125, -0.15];

export function printSorted({ kept, overlapping, suspicious }: Sorted, print: (line: string) => void): void {
  print(
    `${kept.length} pairs of different people; left out: ${overlapping.length} faces found twice (overlapping boxes),`,
  );
  print(`${suspicious.length} pairs so near that they are rather one person twice (a mirror, a poster, a screen)`);
  if (suspicious.length > 0) print('\nleft out as one person twice; look whether they are:');
  for (const pair of nearestOf(suspicious)) print(`  ${describePair(pair)}`);
  print('\nnearest pairs that count as different people; leave out with --same what is one person twice:');
  for (const pair of nearestOf(kept)) print(`  ${describePair(pair)}`);
}

const deciders: Readonly<Record<CarefulCurve['decidedBy'], string>> = {
  pack: "the pack's curve, which states as much or more everywhere",
  fit: "the fit's upper end, which states as much as the pack or more everywhere",
  both: 'a curve above both: the fit states more than the pack at some distances, and less at others',
};

/** The fitted curve beside the pack's, with how far it was measured; answers nothing that is not printed. */
export function printFit(
  fit: Fit,
  { pack, written, decidedBy }: { pack: Calibration; written: Calibration } & Pick<CarefulCurve, 'decidedBy'>,
  print: (line: string) => void,
): void {
  const { mean, sd } = fit.strangers;
  const measuredMin = ERRORS_MEASURED / fit.pairCount;
  print(
    `\nfitted to ${fit.pairCount} pairs in ${fit.groupCount} groups: normal, mean ${mean.toFixed(4)}, sd ${sd.toFixed(4)}`,
  );
  print(
    `  shaped by the pairs up to ${fit.tailDistance.toFixed(3)}; the nearest one is at ${fit.nearestDistance.toFixed(3)}`,
  );
  print(
    `  rates below ${measuredMin.toExponential(1)} are extrapolated: fewer than ${ERRORS_MEASURED} pairs lie there`,
  );
  const at = pack.candidateDistanceMax;
  const [{ name, distance: cut }] = listCuts(pack);
  print(`  rate at ${at}, where storing ends: ${describeRate(fit, at)}`);
  print(`  rate at ${cut.toFixed(3)}, the pack's ${name}: ${describeRate(fit, cut)}`);
  print(`decided by ${deciders[decidedBy]}`);
  print('\ndistance   pack      fitted    to be written');
  for (const offset of offsets) {
    const distance = at + offset;
    const rates = [pack, fit, written].map((model) => exponential(falseMatchRate(model, distance)).padEnd(8));
    print(`${distance.toFixed(3).padEnd(9)}  ${rates.join('  ')}`);
  }
  print('\nlevel      pack      to be written (largest distance)');
  for (let level = 1; level <= levelMax; level++) {
    const limits = [pack, written].map((calibration) => distanceOfLevel(calibration, level).toFixed(3).padEnd(8));
    print(`${String(level).padEnd(9)}  ${limits.join('  ')}`);
  }
}

function describeRate(fit: Fit, distance: number): string {
  const interval = fit.rateInterval(distance);
  const bounds =
    interval === undefined
      ? 'too few groups to say how sure that is'
      : `95 % between ${exponential(interval.low)} and ${exponential(interval.high)}`;
  return `${exponential(falseMatchRate(fit, distance))} (${bounds})`;
}

function nearestOf(pairs: readonly PhotoPair[]): PhotoPair[] {
  return pairs.toSorted((a, b) => a.distance - b.distance).slice(0, nearestMax);
}

function describePair({ distance, photo, places }: PhotoPair): string {
  const where = places.every(({ width }) => width === 0) ? '' : `: ${places.map(describePlace).join(' and ')}`;
  return `${distance.toFixed(3)}  ${photo}${where}`;
}

function describePlace({ left, top, width, height }: PhotoPair['places'][number]): string {
  const isFraction = width <= 1;
  const [x, y] = [left + width / 2, top + height / 2];
  return isFraction
    ? `${Math.round(x * 100)} % across, ${Math.round(y * 100)} % down`
    : `${Math.round(x)}, ${Math.round(y)}`;
}

function exponential(rate: number): string {
  return rate.toExponential(1);
}

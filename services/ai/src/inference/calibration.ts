import { z } from 'zod';

export const LEVEL_MAX = 9;

/** An L2 distance of two embeddings of one pack. */
const distance = z.number().positive();
const rate = z.number().gt(0).lt(1);

/**
 * What distances mean under one pack, as it stands in the pack's manifest (`calibration`) or in an installation's own file. The
 * rates are those of `strangers`, a stated model; `data` says how far it was measured and where it is extrapolation.
 */
export const calibrationSchema = z
  .strictObject({
    /** Distances of faces of different people, as a distribution. Below the measured distances only this model speaks. */
    strangers: z.strictObject({ model: z.literal('normal'), mean: distance, sd: distance }),
    data: z.strictObject({
      /** What the pairs were taken from and how, for a reader. */
      source: z.string().min(1).max(1000),
      /** Pairs of different people that the model was fitted to. */
      pairCount: z.number().int().min(0),
      /** The nearest pair of different people seen: nearer than this nothing was measured. Absent without pairs. */
      nearestDistance: distance.optional(),
      /** Bounds within which the rate at `candidateDistanceMax` lies with 95 % confidence, as far as the pairs can say. */
      candidateRate: z.strictObject({ low: z.number().min(0).lt(1), high: rate }).optional(),
    }),
    /** Pairs beyond it are not stored. */
    candidateDistanceMax: distance,
    /** Facecams of one member are all this near to each other. */
    samePersonDistanceMax: distance,
    /** The largest false-match rate of each level, from level 1 to level 9, falling. Level 1 takes in all that is stored. */
    levelRates: z
      .array(rate)
      .length(LEVEL_MAX)
      .refine((rates) => rates.every((value, i) => i === 0 || value < (rates[i - 1] ?? 0)), 'the rates must fall'),
  })
  .readonly();

export type Calibration = z.output<typeof calibrationSchema>;

/** Each level allows √10 times fewer strangers than the one below it. */
const LEVELS_PER_DECADE = 2;
const LEVEL_1_RATE = 5e-4;

export const DEFAULT_LEVEL_RATES: number[] = Array.from(
  { length: LEVEL_MAX },
  (_, i) => LEVEL_1_RATE * 10 ** (-i / LEVELS_PER_DECADE),
);

/** Of the pack `mobilefacenet-192-v1`: distances of unit vectors, its own cut and a spread that fits what was seen there. */
export const MOBILEFACENET_CALIBRATION: Calibration = {
  strangers: { model: 'normal', mean: 1.33, sd: 0.105 },
  data: {
    source: 'pairs of different people among 2,322: a normal tail through the distances at the rates 1e-3 and 1e-4',
    pairCount: 0,
  },
  candidateDistanceMax: 1.05,
  samePersonDistanceMax: 0.95,
  levelRates: DEFAULT_LEVEL_RATES,
};

/**
 * Of the pack `dlib-128-v1`. Where data ends: on 732 pairs of portraits of 13 labelled people none is nearer than 0.616, 1 % are below
 * 0.65 (`npm run faces -- calibrate --labelled`). Where the model begins: below that everything is this curve. A normal tail
 * fitted to those pairs gives 1.5e-3 at 0.6, and anything from 1.3e-4 to 4e-3 with 95 % confidence; the curve is the one
 * within, whose spread meets the 5e-4 that dlib's users saw at 0.6 among 30 M faces. It speaks of strangers at large: of 31 pairs
 * of people who stand together in sample photos, alike in age, region and light, 6 are nearer than 0.6 (docs/faces.md).
 */
export const DLIB_CALIBRATION: Calibration = {
  strangers: { model: 'normal', mean: 0.83, sd: 0.07 },
  data: {
    source: 'portraits of 13 labelled people; spread by the 5e-4 at 0.6 that users of dlib report among 30 M faces',
    pairCount: 732,
    nearestDistance: 0.616,
    candidateRate: { low: 1.3e-4, high: 4e-3 },
  },
  candidateDistanceMax: 0.6,
  samePersonDistanceMax: 0.56,
  levelRates: DEFAULT_LEVEL_RATES,
};

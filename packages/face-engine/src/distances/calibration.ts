import { z } from 'zod';

export const levelMax = 9;

/** A distance of two embeddings of one pack: L2, normalised where the pack has a typical face. */
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
      /** The strictest distance below which enough pairs lie to measure a rate: what is nearer is extrapolated. */
      measuredDistance: distance.optional(),
      /** Bounds within which the rate at `candidateDistanceMax`, or where it was measured last, lies with 95 % confidence, as far as the pairs can say. */
      candidateRate: z.strictObject({ low: z.number().min(0).lt(1), high: rate }).optional(),
    }),
    /** Pairs that are farther apart are not stored. */
    candidateDistanceMax: distance,
    /** Facecams of one member are all this near to each other. */
    samePersonDistanceMax: distance,
    /** The largest false-match rate of each level, from level 1 to level 9, falling. Level 1 takes in all that is stored. */
    levelRates: z
      .array(rate)
      .length(levelMax)
      .refine((rates) => rates.every((value, i) => i === 0 || value < (rates[i - 1] ?? 0)), 'the rates must fall'),
  })
  .readonly();

export type Calibration = z.output<typeof calibrationSchema>;

/** Each level allows √10 times fewer strangers than the one below it. */
const levelsPerDecade = 2;

/** The largest rate of each level, from that of level 1 on. */
export function levelRatesFrom(level1: number): number[] {
  return Array.from({ length: levelMax }, (_, i) => level1 * 10 ** (-i / levelsPerDecade));
}

/**
 * Of the pack `mobilefacenet-192-v1`, for normalised distances. It states the rate of people alike: of strangers within one region of Asia, where
 * they come nearer than anywhere else that was measured. Where data ends: at 0.931, where 30 of 20,520 such pairs lie (1.5e-3, at
 * most 2.6e-3 with 95 % confidence over people). The curve goes through that bound. Where the model begins: below it everything is the
 * curve, a normal tail with the spread that fits the nearest twentieth as well as the nearest third of the pairs
 * (`npm run faces -- strangers`, docs/faces.md). African faces and children were not measured.
 */
export const mobilefacenetCalibration: Calibration = {
  strangers: { model: 'normal', mean: 1.263, sd: 0.119 },
  data: {
    source: 'portraits of 167 people of South, South-East and East Asia, pairs within one region; a normal tail beyond',
    pairCount: 20_520,
    nearestDistance: 0.826,
    measuredDistance: 0.931,
    candidateRate: { low: 4e-4, high: 2.6e-3 },
  },
  candidateDistanceMax: 0.9565,
  samePersonDistanceMax: 0.912,
  levelRates: levelRatesFrom(5e-3),
};

/**
 * Of the pack `dlib-128-v1`, as it was before strangers were measured: **known to be wrong**. On 1,084 people its default cut lets through
 * 80 times the strangers that it states, and more among people alike (`FACE_PACK=dlib-128-v1 npm run faces -- strangers`). It stays for
 * installations that still run the pack, so that no photo which a member sees today goes before the pack is changed; the start
 * says so. Where its data ends: on 732 pairs of portraits of 13 labelled people none is nearer than 0.616, 1 % are below
 * 0.65 (`npm run faces -- calibrate --labelled`). Where the model begins: below that everything is this curve. A normal tail
 * fitted to those pairs gives 1.5e-3 at 0.6, and anything from 1.3e-4 to 4e-3 with 95 % confidence; the curve is the one
 * within, whose spread meets the 5e-4 that dlib's users saw at 0.6 among 30 M faces. It speaks of strangers at large: of 31 pairs
 * of people who stand together in sample photos, alike in age, region and light, 6 are nearer than 0.6 (docs/faces.md).
 */
export const dlibCalibration: Calibration = {
  strangers: { model: 'normal', mean: 0.83, sd: 0.07 },
  data: {
    source: 'portraits of 13 labelled people; spread by the 5e-4 at 0.6 that users of dlib report among 30 M faces',
    pairCount: 732,
    nearestDistance: 0.616,
    candidateRate: { low: 1.3e-4, high: 4e-3 },
  },
  candidateDistanceMax: 0.6,
  samePersonDistanceMax: 0.56,
  levelRates: levelRatesFrom(5e-4),
};

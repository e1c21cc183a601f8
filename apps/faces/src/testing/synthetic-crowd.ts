import { seededRandom } from '../calibrate/fit-strangers.ts';
import type { CrowdFaces } from '../strangers/measure-faces.ts';
import type { ServedFace } from '../strangers/served-face.ts';

const dimension = 24;

/** A face that nobody analysed. */
export function faceAt(embedding: readonly number[], isSure = true): ServedFace {
  const box = { x: 0, y: 0, width: 50, height: 50 };
  return { embedding: Float32Array.from(embedding), isSure, file: 'face.jpg', box };
}

export interface CrowdShape {
  /** Portraits of each person. */
  readonly photoCounts: readonly number[];
  /** By person; others are of no region. */
  readonly regions?: readonly (string | undefined)[];
  /** Faces of each group photo. */
  readonly groupCounts?: readonly number[];
  /** Of how many faces one is unsure; none by default. */
  readonly unsureEvery?: number;
}

/** People whose portraits lie around a place of their own, the same ones in every run. */
export function makeCrowd({ photoCounts, regions = [], groupCounts = [], unsureEvery = 0 }: CrowdShape): CrowdFaces {
  const random = seededRandom(5);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const place = () => Array.from({ length: dimension }, () => 0.12 * normal());
  let faceCount = 0;
  const isSure = () => unsureEvery === 0 || ++faceCount % unsureEvery !== 0;
  return {
    people: photoCounts.map((_, i) => ({ name: `person ${i}`, region: regions[i] })),
    portraits: photoCounts.flatMap((count, person) => {
      const own = place();
      return Array.from({ length: count }, () => {
        const embedding = own.map((value) => value + 0.05 * normal());
        return { person, file: 'face.jpg', face: faceAt(embedding, isSure()) };
      });
    }),
    groupFaces: groupCounts.flatMap((count, photo) =>
      Array.from({ length: count }, () => ({ photo, face: faceAt(place(), isSure()) })),
    ),
    photoCount: groupCounts.length,
  };
}

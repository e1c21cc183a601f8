import type { Pair } from './fit-strangers.ts';

/** Fractions of a photo, or pixels of it: only their proportion to each other counts. */
export interface Place {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Two faces of one photo, who are taken for different people. */
export interface PhotoPair extends Pair {
  /** What a person looks up to see the two. */
  readonly photo: string;
  readonly places: readonly [Place, Place];
}

export interface Sorted {
  readonly kept: PhotoPair[];
  /** Boxes over each other: one face, found twice. */
  readonly overlapping: PhotoPair[];
  /** So near that they are rather one person twice: in a mirror, on a poster, on a screen. */
  readonly suspicious: PhotoPair[];
}

const overlapMax = 0.2;

/** Leaves out what is no pair of different people: `samePersonDistance` is so near that strangers practically never are. */
export function setAside(pairs: readonly PhotoPair[], samePersonDistance: number): Sorted {
  const sorted: Sorted = { kept: [], overlapping: [], suspicious: [] };
  for (const pair of pairs) {
    if (overlapOf(...pair.places) > overlapMax) sorted.overlapping.push(pair);
    else if (pair.distance <= samePersonDistance) sorted.suspicious.push(pair);
    else sorted.kept.push(pair);
  }
  return sorted;
}

/** The common area as a share of the smaller box. */
function overlapOf(a: Place, b: Place): number {
  const width = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
  const height = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
  if (width <= 0 || height <= 0) return 0;
  return (width * height) / Math.min(a.width * a.height, b.width * b.height);
}

import { placeFace, type TypicalFace } from '@kilas/ai/distances/normalised-distance.ts';
import { type Crowd, dimension, type Vectors, vectorAt } from './people.ts';

/** Nearer to the cut than this, the rounding of single precision decides: such faces count neither way. */
const undecided = 1e-4;

/** By number of the face. */
export interface Truth {
  readonly within: ReadonlySet<number>;
  readonly undecided: ReadonlySet<number>;
}

/** The faces within a normalised `distanceMax` of each query, by comparing it with every one of them here: no SQL is involved. */
export function* findTruth({ faces, queries }: Crowd, distanceMax: number, typical: TypicalFace): Generator<Truth> {
  const beyondUsual = (vectors: Vectors) =>
    Float64Array.from({ length: vectors.count }, (_, i) => placeFace(vectorAt(vectors, i), typical).beyondUsual);
  const [ofFaces, ofQueries] = [beyondUsual(faces), beyondUsual(queries)];
  for (let index = 0; index < queries.count; index++) {
    const query = vectorAt(queries, index);
    const [within, close] = [new Set<number>(), new Set<number>()];
    for (let face = 0; face < faces.count; face++) {
      const reach = distanceMax + ((ofFaces[face] ?? 0) + (ofQueries[index] ?? 0)) / 2;
      const [inner, outer] = [(reach - undecided) ** 2, (reach + undecided) ** 2];
      const squared = squaredDistance(query, faces.values, face * dimension, outer);
      if (squared <= inner) within.add(face);
      else if (squared <= outer) close.add(face);
    }
    yield { within, undecided: close };
  }
}

/** How far strangers are apart in the crowd: mean and standard deviation over pairs far from each other in it. */
export function measureStrangers(faces: Vectors, pairCount: number): { mean: number; sd: number } {
  const distances = Array.from({ length: pairCount }, (_, i) => {
    const one = (i * 7919) % faces.count;
    const other = (one + Math.floor(faces.count / 2)) % faces.count;
    return Math.sqrt(squaredDistance(vectorAt(faces, one), faces.values, other * dimension, Number.POSITIVE_INFINITY));
  });
  const mean = distances.reduce((sum, value) => sum + value, 0) / pairCount;
  const variance = distances.reduce((sum, value) => sum + (value - mean) ** 2, 0) / pairCount;
  return { mean, sd: Math.sqrt(variance) };
}

/** Gives up, with a number above `limit`, as soon as it must be that large. */
function squaredDistance(query: Float32Array, values: Float32Array, offset: number, limit: number): number {
  let sum = 0;
  for (let k = 0; k < dimension; k += 8) {
    for (let j = k; j < k + 8; j++) {
      const difference = (query[j] ?? 0) - (values[offset + j] ?? 0);
      sum += difference * difference;
    }
    if (sum > limit) return sum;
  }
  return sum;
}

import { mobilefacenetLength } from '@kilas/face-engine/graphs/build-mobilefacenet-graph.ts';
import { seededRandom } from '../random.ts';

/** Numbers of an embedding of the built-in pack. */
export const dimension = mobilefacenetLength;

/** Share of the variance among people that follows the real faces; the rest is spread over all directions. */
const realShare = 0.36;
/** L2 distance of two pictures of different people, on average, as `npm run faces -- strangers` finds it before lengths are made one. */
const strangerDistance = 1.36;
/** L2 distance of two pictures of one person: most between these. */
const samePersonDistance = { min: 0.45, max: 0.85 };
const photosPerPersonMean = 8;
const decimals = 1e4;

export const generatorText = `A person is a random mixture of the real faces around their mean (${realShare * 100} % of the variance) plus noise in all ${dimension} directions,
scaled so that strangers are ${strangerDistance} apart on average. A picture of a person is the person plus noise, of length one: two pictures are
some ${samePersonDistance.min} to ${samePersonDistance.max} apart. Pictures a person: 1 and more, geometric, ${photosPerPersonMean} on average. A query is one more picture of a person who has some.`;

/** Vectors one after another, in the single precision in which they are stored. */
export interface Vectors {
  readonly count: number;
  readonly values: Float32Array;
}

export function vectorAt({ values }: Vectors, index: number): Float32Array {
  return values.subarray(index * dimension, (index + 1) * dimension);
}

export interface Crowd {
  readonly faces: Vectors;
  readonly queries: Vectors;
}

/** Faces of people as there are in the real ones, and queries: more pictures of people among the first `queriesAmong` faces. */
export function makeCrowd(
  real: readonly Float32Array[],
  {
    faceCount,
    queryCount,
    queriesAmong,
    seed,
  }: { faceCount: number; queryCount: number; queriesAmong: number; seed: number },
): Crowd {
  const random = randomNumbers(seed);
  const mean = Float64Array.from({ length: dimension }, (_, k) => average(real.map((face) => face[k] ?? 0)));
  const offsets = real.map((face) => Float64Array.from(face, (value, k) => value - (mean[k] ?? 0)));
  const realVariance = average(offsets.map((offset) => squares(offset)));
  // Two independent pictures: twice the variance of people, and twice that of pictures, is the squared distance.
  const pictureVariance = ((samePersonDistance.min + samePersonDistance.max) / 2) ** 2 / 2;
  const peopleVariance = strangerDistance ** 2 / 2 - pictureVariance;
  const along = Math.sqrt((realShare * peopleVariance) / realVariance / real.length);
  const across = Math.sqrt(((1 - realShare) * peopleVariance) / dimension);

  const newPerson = (): Float64Array => {
    const person = Float64Array.from(mean, (value) => value + across * random.gaussian());
    for (const offset of offsets) {
      const weight = along * random.gaussian();
      for (let k = 0; k < dimension; k++) person[k] = (person[k] ?? 0) + weight * (offset[k] ?? 0);
    }
    return person;
  };
  const put = ({ values }: Vectors, index: number, person: Float64Array): void => {
    const { min, max } = samePersonDistance;
    const spread = (min + (max - min) * random.uniform()) / Math.sqrt(2 * dimension);
    const picture = person.map((value) => value + spread * random.gaussian());
    const length = Math.hypot(...picture);
    for (let k = 0; k < dimension; k++) {
      values[index * dimension + k] = Math.round(((picture[k] ?? 0) / length) * decimals) / decimals;
    }
  };

  const faces = emptyVectors(faceCount);
  const queries = emptyVectors(queryCount);
  const early: Float64Array[] = [];
  for (let index = 0; index < faceCount; ) {
    const person = newPerson();
    if (index < queriesAmong) early.push(person);
    do {
      put(faces, index, person);
      index++;
    } while (index < faceCount && random.uniform() > 1 / photosPerPersonMean);
  }
  for (let index = 0; index < queryCount; index++) {
    const person = early[Math.floor(random.uniform() * early.length)];
    if (person !== undefined) put(queries, index, person);
  }
  return { faces, queries };
}

function emptyVectors(count: number): Vectors {
  return { count, values: new Float32Array(count * dimension) };
}

/** Normal by Box-Muller. */
function randomNumbers(seed: number) {
  const uniform = seededRandom(seed);
  const gaussian = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uniform, gaussian };
}

function average(numbers: readonly number[]): number {
  return numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
}

function squares(vector: Float64Array): number {
  return vector.reduce((sum, value) => sum + value * value, 0);
}

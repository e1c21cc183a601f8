import { createCipheriv, hkdfSync } from 'node:crypto';

const wordBytes = 4;
const wordRange = 2 ** 32;

/** A square matrix, row after row. */
export interface Matrix {
  readonly size: number;
  readonly values: Float64Array;
}

/**
 * An orthogonal matrix that follows from a secret, a pack and its dimension, evenly spread over all of them: the Q of a matrix
 * of Gaussian numbers (Stewart, SIAM J. Numer. Anal. 17, 1980). Made once a pack: some 10 ms for 128, a second for 512.
 */
export function turnMatrix(secret: string, packId: string, size: number): Matrix {
  const values = gaussians(hkdfSync('sha256', secret, '', `kilas face vectors ${packId} ${size}`, 48), size * size);
  const rows = Array.from({ length: size }, (_, i) => values.subarray(i * size, (i + 1) * size));
  for (const [i, row] of rows.entries()) {
    // Gram-Schmidt; a second time takes away what rounding left of the first.
    for (let round = 0; round < 2; round++) for (const before of rows.slice(0, i)) subtract(row, before);
    const length = Math.sqrt(dot(row, row));
    for (let k = 0; k < size; k++) row[k] = (row[k] ?? 0) / length;
  }
  return { size, values };
}

/** The vector turned: its distances to others that are turned the same way stay, within the rounding of 32 bits. */
export function turnVector({ size, values }: Matrix, vector: ArrayLike<number>): Float32Array {
  if (vector.length !== size) throw new Error(`a vector of ${vector.length} numbers does not fit a matrix of ${size}`);
  return Float32Array.from({ length: size }, (_, i) => dot(values.subarray(i * size, (i + 1) * size), vector));
}

/** What leads from vectors turned by `from` to the same vectors turned by `to`. */
export function matrixBetween(from: Matrix, to: Matrix): Matrix {
  const { size } = to;
  const values = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    const row = to.values.subarray(i * size, (i + 1) * size);
    // to · fromᵀ
    for (let k = 0; k < size; k++) values[i * size + k] = dot(row, from.values.subarray(k * size, (k + 1) * size));
  }
  return { size, values };
}

/** Numbers of the standard normal distribution (Box and Muller, 1958) from the key stream of AES-256-CTR. */
function gaussians(keyAndIv: ArrayBuffer, count: number): Float64Array {
  const cipher = createCipheriv('aes-256-ctr', new Uint8Array(keyAndIv, 0, 32), new Uint8Array(keyAndIv, 32, 16));
  const stream = cipher.update(new Uint8Array(2 * count * wordBytes));
  return Float64Array.from({ length: count }, (_, i) => {
    const radius = (stream.readUInt32LE(2 * i * wordBytes) + 1) / wordRange;
    const angle = stream.readUInt32LE((2 * i + 1) * wordBytes) / wordRange;
    return Math.sqrt(-2 * Math.log(radius)) * Math.cos(2 * Math.PI * angle);
  });
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

/** Takes from `row` its part along `unit`. */
function subtract(row: Float64Array, unit: Float64Array): void {
  const along = dot(row, unit);
  for (let k = 0; k < row.length; k++) row[k] = (row[k] ?? 0) - along * (unit[k] ?? 0);
}

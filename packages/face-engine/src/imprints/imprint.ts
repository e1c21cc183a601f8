import { measuredChipPx } from '../quality/measure-quality.ts';

/** Side of the grey picture of an aligned face that imprints are made of, in pixels. */
export const lumaPx = measuredChipPx / 2;

/** The middle of it, without what is mostly hair and background, is seen on so many points a side. */
const marginPx = 7.5;
const GRID = 32;

/** Waves across that part, from coarse to fine: the coarsest say how the light falls, and what is finer goes with compression. */
const wavesMin = 1.5;
const wavesMax = 16;

/** How fast the edge of the part fades, as a share of its side. */
const fade = 0.28;

const WAVES = Array.from({ length: wavesMax * wavesMax }, (_, i) => {
  const [u, v] = [i % wavesMax, Math.floor(i / wavesMax)];
  return { u, v, length: Math.hypot(u, v) };
}).filter(({ length }) => length >= wavesMin && length <= wavesMax);

/** How many numbers an imprint has. */
export const imprintLength = WAVES.length;

const PLAIN = 1e-6;

const cosines = Array.from({ length: wavesMax }, (_, u) =>
  Float64Array.from({ length: GRID }, (_, x) => Math.cos((Math.PI * (x + 0.5) * u) / GRID) * Math.sqrt(u ? 2 : 1)),
);

const fading = Float64Array.from({ length: GRID * GRID }, (_, i) => {
  const [x, y] = [((i % GRID) + 0.5) / GRID - 0.5, (Math.floor(i / GRID) + 0.5) / GRID - 0.5];
  return Math.exp(-(x * x + y * y) / (2 * fade * fade));
});
const fadingSum = fading.reduce((sum, share) => sum + share, 0);

/** Where a face lies in the grey picture: moved by pixels, turned by radians, larger by a factor, or seen in a mirror. */
export interface Place {
  readonly dx: number;
  readonly dy: number;
  readonly turn: number;
  readonly size: number;
  readonly isMirrored: boolean;
}

export const AS_IT_LIES: Place = { dx: 0, dy: 0, turn: 0, size: 1, isMirrored: false };

/** Luma (ITU-R BT.601) of a measured chip at half its size. */
export function lumaOf(chip: Uint8Array): Uint8Array {
  const luma = new Uint8Array(lumaPx * lumaPx);
  for (let y = 0; y < lumaPx; y++) {
    for (let x = 0; x < lumaPx; x++) {
      let sum = 0;
      for (const row of [2 * y, 2 * y + 1]) {
        for (const column of [2 * x, 2 * x + 1]) {
          const at = (row * measuredChipPx + column) * 3;
          sum += 0.299 * (chip[at] ?? 0) + 0.587 * (chip[at + 1] ?? 0) + 0.114 * (chip[at + 2] ?? 0);
        }
      }
      luma[y * lumaPx + x] = Math.round(sum / 4);
    }
  }
  return luma;
}

/**
 * What one picture of a face shows that another picture of it does not: its lines and edges, as the waves of a cosine transform, the
 * finer as heavy as the coarser, without its light and contrast. Of unit length: the inner product of two is 1 for one picture.
 */
export function imprintOf(luma: Uint8Array, place = AS_IT_LIES): Float32Array {
  const seen = sample(luma, place);
  let mean = 0;
  for (let i = 0; i < seen.length; i++) mean += ((seen[i] ?? 0) * (fading[i] ?? 0)) / fadingSum;
  for (let i = 0; i < seen.length; i++) seen[i] = ((seen[i] ?? 0) - mean) * (fading[i] ?? 0);
  const rows = Array.from({ length: GRID }, (_, y) => seen.subarray(y * GRID, (y + 1) * GRID));
  const columns = cosines.map((cosine) => Float64Array.from(rows, (row) => dot(cosine, row)));
  const waves = WAVES.map(({ u, v, length }) => length * dot(cosines[v] ?? [], columns[u] ?? []));
  const size = Math.hypot(...waves);
  // A plain picture shows nothing; what is left of it is rounding.
  if (size < PLAIN) return new Float32Array(imprintLength);
  return Float32Array.from(waves, (wave) => wave / size);
}

/** The grid's points, read bilinearly; outside the edge its pixels repeat. */
function sample(luma: Uint8Array, { dx, dy, turn, size, isMirrored }: Place): Float64Array {
  const middle = lumaPx / 2;
  const [cos, sin] = [size * Math.cos(turn), size * Math.sin(turn)];
  const step = (lumaPx - 2 * marginPx) / GRID;
  const last = lumaPx - 1.001;
  const grid = new Float64Array(GRID * GRID);
  for (let row = 0; row < GRID; row++) {
    for (let column = 0; column < GRID; column++) {
      const px = marginPx + (column + 0.5) * step - middle;
      const py = marginPx + (row + 0.5) * step - middle;
      const along = cos * px - sin * py + middle + dx - 0.5;
      const x = Math.min(Math.max(isMirrored ? lumaPx - 1 - along : along, 0), last);
      const y = Math.min(Math.max(sin * px + cos * py + middle + dy - 0.5, 0), last);
      const [left, top] = [Math.floor(x), Math.floor(y)];
      const [east, south] = [x - left, y - top];
      const at = top * lumaPx + left;
      const upper = (luma[at] ?? 0) * (1 - east) + (luma[at + 1] ?? 0) * east;
      const lower = (luma[at + lumaPx] ?? 0) * (1 - east) + (luma[at + lumaPx + 1] ?? 0) * east;
      grid[row * GRID + column] = upper * (1 - south) + lower * south;
    }
  }
  return grid;
}

/** Of two of one length. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

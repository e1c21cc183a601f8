/** Rows of photos of equal height that fill a width. Row `r` holds the photos from `starts[r]` to before `starts[r + 1]`, from `tops[r]` to a gap before `tops[r + 1]`. */
export interface Rows {
  readonly starts: readonly number[];
  readonly tops: readonly number[];
  readonly height: number;
}

export interface Measure {
  /** In pixels, as all of these. */
  readonly width: number;
  readonly rowHeight: number;
  readonly gap: number;
}

/** A photo outside of these is cut to them in a grid: it would be a line among the others. */
const ratioMin = 1 / 3;
const ratioMax = 3;
/** Rows outside of these times the wanted height look like mistakes. */
const stretchMin = 0.5;
const stretchMax = 1.6;

export function tileRatio(ratio: number): number {
  return Number.isFinite(ratio) && ratio > 0 ? Math.min(ratioMax, Math.max(ratioMin, ratio)) : 1;
}

/**
 * Breaks photos into rows so that the heights of all photos together are as near to the wanted one as they can be (the least sum of squares).
 * Unlike rows that are filled one after the other, the last one comes out full too, so pieces of a long list can be laid out apart and still meet.
 * `isEnd` leaves the last row as short as it is.
 */
export function justify(ratios: readonly number[], measure: Measure, isEnd: boolean): Rows {
  const { gap } = measure;
  const count = ratios.length;
  const cost = new Float64Array(count + 1).fill(Number.POSITIVE_INFINITY);
  const from = new Uint32Array(count + 1);
  cost[0] = 0;
  for (let end = 1; end <= count; end += 1) {
    let sum = 0;
    for (let start = end - 1; start >= 0; start -= 1) {
      sum += tileRatio(ratios[start] ?? 1);
      const height = fill(sum, end - start, measure);
      if (height < measure.rowHeight * stretchMin && start < end - 1) break;
      // By the photos, not by the row: else few rows that are too low would win over more that fit.
      const whole = (cost[start] ?? 0) + sum * costOf(height, measure, isEnd && end === count);
      if (whole < (cost[end] ?? 0)) {
        cost[end] = whole;
        from[end] = start;
      }
    }
  }
  const starts = [count];
  for (let end = count; end > 0; end = starts[0] ?? 0) starts.unshift(from[end] ?? 0);
  const tops = [0];
  for (let row = 0; row + 1 < starts.length; row += 1) {
    const [start = 0, end = 0] = [starts[row], starts[row + 1]];
    let sum = 0;
    for (let at = start; at < end; at += 1) sum += tileRatio(ratios[at] ?? 1);
    const height = fill(sum, end - start, measure);
    const isShort = height > measure.rowHeight && (isEnd ? end === count : height > measure.rowHeight * stretchMax);
    tops.push((tops[row] ?? 0) + Math.round(isShort ? measure.rowHeight : height) + gap);
  }
  return { starts, tops, height: tops.at(-1) ?? 0 };
}

/** The height at which a row fills the width. */
function fill(ratioSum: number, count: number, { width, gap }: Measure): number {
  return Math.max(1, width - gap * (count - 1)) / ratioSum;
}

function costOf(height: number, { rowHeight }: Measure, isLast: boolean): number {
  if (isLast && height > rowHeight) return 0;
  const off = Math.log(height / rowHeight);
  return off * off;
}

export interface Box {
  readonly left: number;
  readonly width: number;
}

/** Where the photos of a row of that height stand, to whole pixels; a full row ends at the very edge. */
export function boxesOf(ratios: readonly number[], height: number, { width, gap }: Measure): Box[] {
  const sum = ratios.reduce((all, ratio) => all + tileRatio(ratio), 0);
  const space = width - gap * (ratios.length - 1);
  // Rounding the height of a full row makes it miss the width by less than a pixel for each of its ratios.
  const isFull = Math.abs(sum * height - space) <= sum;
  const scale = isFull ? space / sum : height;
  let left = 0;
  return ratios.map((ratio, at) => {
    const start = Math.round(left) + gap * at;
    left += tileRatio(ratio) * scale;
    return { left: start, width: Math.max(1, Math.round(left) + gap * at - start) };
  });
}

/** How high photos will be whose ratios are not known yet. */
export function estimateHeight(count: number, ratioMean: number, { width, rowHeight, gap }: Measure): number {
  const rows = (count * (ratioMean * rowHeight + gap)) / (width + gap);
  return Math.max(1, Math.round(rows)) * (rowHeight + gap);
}

import { type Columns, type GridPhoto, photoOf, type Segment } from './columns.ts';
import { type Box, boxesOf, estimateHeight, justify, type Measure, type Rows } from './justify.ts';

interface Block {
  /** Undefined for photos that were given with the list. */
  readonly segment: string | undefined;
  readonly oldestAt: string | undefined;
  readonly newestAt: string | undefined;
  count: number;
  columns: Columns | undefined;
  /** For the measure of now. */
  rows: Rows | undefined;
  /** By row, so that what is drawn again is the same. */
  readonly tiles: Map<number, readonly PlacedPhoto[]>;
  /** Before this block. */
  top: number;
  start: number;
}

/** A place in the list that stays the same photo whatever is loaded or laid out around it. */
export interface Anchor {
  readonly block: number;
  /** How far through the photos of the block; whole numbers are photos. */
  readonly photo: number;
  /** Of the row of that photo, below its top, in parts of its height. */
  readonly within: number;
  /** Pixels from there; above it they are negative. */
  readonly offset: number;
}

export interface PlacedPhoto extends Box {
  readonly photo: GridPhoto;
}

export interface Row {
  readonly key: string;
  readonly block: number;
  readonly row: number;
  /** In the whole list. */
  readonly index: number;
  readonly top: number;
  readonly height: number;
  readonly photos: readonly PlacedPhoto[];
}

/** Photos that are not loaded, as an empty place. */
export interface Gap {
  readonly key: string;
  readonly block: number;
  readonly top: number;
  readonly height: number;
}

const ratioUsual = 4 / 3;

/** Which photo stands where in a list of any length, of which only some parts are known. Knows no browser. */
export class GridModel {
  readonly blocks: Block[] = [];
  count = 0;
  height = 0;
  private measure: Measure = { width: 0, rowHeight: 200, gap: 4 };
  private ratioMean = ratioUsual;
  /** Photos given at the start, which are not repeated by their segments. */
  private readonly given: ReadonlySet<string>;
  private readonly isWhole: boolean;

  /** `parts` are photos that are there already; `segments` follow and are loaded when they are needed. */
  constructor(parts: readonly Columns[], segments: readonly Segment[], isWhole = true) {
    this.isWhole = isWhole;
    this.given = new Set(segments.length === 0 ? [] : parts.flatMap((part) => part.photoIds));
    for (const columns of parts) this.addGiven(columns);
    let skipped = this.given.size;
    for (const { segment, count, newestAt, oldestAt } of segments) {
      const left = Math.max(0, count - skipped);
      skipped = Math.max(0, skipped - count);
      if (left > 0) {
        const fresh = { columns: undefined, rows: undefined, tiles: new Map(), top: 0, start: 0 };
        this.blocks.push({ segment, oldestAt, newestAt, count: left, ...fresh });
      }
    }
    this.place();
  }

  private addGiven(columns: Columns): void {
    const count = columns.photoIds.length;
    if (count === 0) return;
    const times = { newestAt: columns.capturedAt[0], oldestAt: columns.capturedAt.at(-1) };
    this.blocks.push({
      segment: undefined,
      ...times,
      count,
      columns,
      rows: undefined,
      tiles: new Map(),
      top: 0,
      start: 0,
    });
  }

  /** Forgets how photos were laid out; they are laid out again where somebody looks. */
  resize(measure: Measure): void {
    this.measure = measure;
    for (const block of this.blocks) block.rows = undefined;
    this.place();
  }

  load(segment: string, columns: Columns): void {
    const block = this.blocks.find((each) => each.segment === segment);
    if (block === undefined || block.columns !== undefined) return;
    block.columns = this.given.size === 0 ? columns : without(columns, this.given);
    block.count = block.columns.photoIds.length;
    block.rows = undefined;
    const known = this.blocks.flatMap((each) => each.columns?.ratios.slice(0, 100) ?? []);
    if (known.length > 0) this.ratioMean = known.reduce((sum, ratio) => sum + ratio, 0) / known.length;
    this.place();
  }

  /** Sums up where blocks begin. */
  private place(): void {
    let [top, start] = [0, 0];
    for (const block of this.blocks) {
      block.top = top;
      block.start = start;
      top += this.heightOf(block);
      start += block.count;
    }
    this.height = Math.max(0, top - this.measure.gap);
    this.count = start;
  }

  private heightOf(block: Block): number {
    if (block.count === 0) return 0;
    return block.rows?.height ?? estimateHeight(block.count, this.ratioMean, this.measure);
  }

  /** Lays out what is between two places of the list, and keeps `anchor` where it is on the screen. Returns the new place of the anchor. */
  settle(anchor: Anchor, above: number, below: number): number {
    // Each round lays out one block at least or ends; what is laid out moves what comes into reach.
    for (;;) {
      const at = this.topOf(anchor);
      const bare = this.between(at - above, at + below).find(
        (block) => block.columns !== undefined && block.rows === undefined,
      );
      if (bare?.columns === undefined) return at;
      const isEnd = this.isWhole && bare === this.blocks.at(-1);
      bare.rows = justify(bare.columns.ratios, this.measure, isEnd);
      bare.tiles.clear();
      this.place();
    }
  }

  /** Blocks that reach into a part of the list. */
  between(from: number, to: number): Block[] {
    return this.blocks.filter((block) => block.top < to && block.top + this.heightOf(block) > from && block.count > 0);
  }

  /** A photo that is known counts for more than one at the very top: what somebody sees does not move when what is above it comes. */
  anchorAt(y: number, screen = 0): Anchor {
    const block = Math.max(
      0,
      this.blocks.findLastIndex((each) => each.top <= y && each.count > 0),
    );
    const known = this.blocks.findIndex((each, at) => at >= block && each.top < y + screen && each.rows !== undefined);
    if (known > block) return { block: known, photo: 0, within: 0, offset: y - (this.blocks[known]?.top ?? 0) };
    const found = this.blocks[block];
    if (found === undefined) return { block: 0, photo: 0, within: 0, offset: y };
    const inside = Math.max(found.top, Math.min(this.height, y));
    const offset = y - inside;
    const below = inside - found.top;
    if (found.rows === undefined) {
      return { block, photo: (below / Math.max(1, this.heightOf(found))) * found.count, within: 0, offset };
    }
    const row = rowAt(found.rows, below);
    const [top = 0, bottom = top + 1] = [found.rows.tops[row], found.rows.tops[row + 1]];
    return { block, photo: found.rows.starts[row] ?? 0, within: (below - top) / (bottom - top), offset };
  }

  topOf({ block, photo, within, offset }: Anchor): number {
    const found = this.blocks[block];
    if (found === undefined) return offset;
    if (found.rows === undefined) {
      return found.top + (photo / Math.max(1, found.count)) * this.heightOf(found) + offset;
    }
    const row = rowOfPhoto(found.rows, photo);
    const [top = 0, bottom = top] = [found.rows.tops[row], found.rows.tops[row + 1]];
    return found.top + top + within * (bottom - top) + offset;
  }

  /** The rows to draw between two places, and the empty places between them. */
  rowsBetween(from: number, to: number): { rows: Row[]; gaps: Gap[] } {
    const rows: Row[] = [];
    const gaps: Gap[] = [];
    for (const block of this.between(from, to)) {
      const at = this.blocks.indexOf(block);
      if (block.rows === undefined) {
        gaps.push({ key: `gap ${at}`, block: at, top: block.top, height: this.heightOf(block) - this.measure.gap });
        continue;
      }
      const last = rowAt(block.rows, to - block.top);
      for (let row = rowAt(block.rows, from - block.top); row <= last; row += 1) rows.push(this.row(at, row));
    }
    return { rows, gaps };
  }

  row(at: number, row: number): Row {
    const block = this.blocks[at];
    if (block?.rows === undefined || block.columns === undefined) throw new Error('The row is not laid out.');
    const [start = 0, end = 0] = [block.rows.starts[row], block.rows.starts[row + 1]];
    const [top = 0, bottom = 0] = [block.rows.tops[row], block.rows.tops[row + 1]];
    const height = bottom - top - this.measure.gap;
    const { columns } = block;
    const photos =
      block.tiles.get(row) ??
      boxesOf(columns.ratios.slice(start, end), height, this.measure).flatMap((box, offset) => {
        const photo = photoOf(columns, start + offset);
        return photo === undefined ? [] : [{ ...box, photo }];
      });
    block.tiles.set(row, photos);
    return {
      key: `${at} ${row}`,
      block: at,
      row,
      index: block.start + start,
      top: block.top + top,
      height,
      photos,
    };
  }

  /** The row that holds the photo of that index; undefined while it is not laid out. */
  rowOf(index: number): Row | undefined {
    const at = this.blockOf(index);
    const block = this.blocks[at];
    if (block?.rows === undefined) return undefined;
    return this.row(at, rowOfPhoto(block.rows, index - block.start));
  }

  blockOf(index: number): number {
    return this.blocks.findLastIndex((block) => block.start <= index && block.count > 0);
  }

  anchorOf(index: number): Anchor {
    const block = Math.max(0, this.blockOf(index));
    return { block, photo: index - (this.blocks[block]?.start ?? 0), within: 0, offset: 0 };
  }

  /** The same place in this list as in another: at the same photo, else as many photos down. */
  anchorLike({ block, photo, within, offset }: Anchor, other: GridModel): Anchor {
    const index = (other.blocks[block]?.start ?? 0) + Math.floor(photo);
    const found = this.indexOf(other.photoAt(index)?.photoId ?? '');
    return { ...this.anchorOf(found < 0 ? Math.max(0, Math.min(index, this.count - 1)) : found), within, offset };
  }

  /** Undefined while it is not loaded. */
  photoAt(index: number): GridPhoto | undefined {
    const block = this.blocks[this.blockOf(index)];
    return block?.columns === undefined ? undefined : photoOf(block.columns, index - block.start);
  }

  /** Among the photos that are loaded; -1 for others. */
  indexOf(photoId: string): number {
    for (const block of this.blocks) {
      const at = block.columns?.photoIds.indexOf(photoId) ?? -1;
      if (at >= 0) return block.start + at;
    }
    return -1;
  }
}

function without(columns: Columns, given: ReadonlySet<string>): Columns {
  const keep = <Value>(values: readonly Value[]) => values.filter((_, at) => !given.has(columns.photoIds[at] ?? ''));
  return {
    photoIds: keep(columns.photoIds),
    ratios: keep(columns.ratios),
    thumbhashes: keep(columns.thumbhashes),
    capturedAt: keep(columns.capturedAt),
    links: columns.links && {
      thumbnailUrls: keep(columns.links.thumbnailUrls),
      thumbnailSmallUrls: keep(columns.links.thumbnailSmallUrls),
    },
    states: columns.states && keep(columns.states),
    soldCounts: columns.soldCounts && keep(columns.soldCounts),
  };
}

/** The row at a height, the nearest one offset. */
function rowAt(rows: Rows, y: number): number {
  return clampRow(rows, lastAtMost(rows.tops, y));
}

function rowOfPhoto(rows: Rows, photo: number): number {
  return clampRow(rows, lastAtMost(rows.starts, photo));
}

function clampRow(rows: Rows, row: number): number {
  return Math.max(0, Math.min(rows.starts.length - 2, row));
}

/** Where the last of the rising values stands that is not above `value`; -1 if all are. */
function lastAtMost(values: readonly number[], value: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

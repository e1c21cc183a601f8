/** Photos as arrays of one length, as the API gives them for grids. */
export interface Columns {
  readonly photoIds: readonly string[];
  /** Width by height. */
  readonly ratios: readonly number[];
  /** In Base64. */
  readonly thumbhashes: readonly (string | null)[];
  /** Empty where it is not known. */
  readonly capturedAt: readonly string[];
  /** What is on them, for those who do not see them. */
  readonly alts?: readonly (string | undefined)[] | undefined;
  readonly links?:
    | { readonly thumbnailUrls: readonly (string | null)[]; readonly thumbnailSmallUrls: readonly (string | null)[] }
    | undefined;
  /** Of my own photos alone. */
  readonly states?: readonly string[] | undefined;
  readonly soldCounts?: readonly number[] | undefined;
}

export interface Segment {
  /** Opaque: names the segment to whoever loads it. */
  readonly segment: string;
  readonly count: number;
  readonly newestAt: string;
  readonly oldestAt: string;
}

export interface Links {
  /** At most 400 pixels; null while there is none. */
  readonly thumbnailUrl: string | null;
  /** At most 200 pixels. */
  readonly thumbnailSmallUrl: string | null;
}

/** Where a grid gets its photos from. A new object is a new list; the same object stays as it is scrolled. */
export interface GridSource {
  readonly total: number;
  readonly segments: readonly Segment[];
  /** The photos at the start, drawn at once. They may come before the segments are known. */
  readonly first?: Columns | undefined;
  loadSegment(segment: string, signal: AbortSignal): Promise<Columns>;
  /** At most 200 at a time. What is left out of the answer has no image. */
  loadLinks(photoIds: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Links>>;
}

/** One photo of a grid. */
export interface GridPhoto {
  readonly photoId: string;
  readonly ratio: number;
  readonly thumbhash: string | null;
  readonly capturedAt?: string | undefined;
  readonly state?: string | undefined;
  readonly soldCount?: number | undefined;
  readonly alt?: string | undefined;
}

export interface Selection {
  readonly selected: ReadonlySet<string>;
  onChange(selected: ReadonlySet<string>): void;
}

export function photoOf(columns: Columns, at: number): GridPhoto | undefined {
  const photoId = columns.photoIds[at];
  if (photoId === undefined) return undefined;
  return {
    photoId,
    ratio: columns.ratios[at] ?? 1,
    thumbhash: columns.thumbhashes[at] ?? null,
    capturedAt: columns.capturedAt[at] || undefined,
    alt: columns.alts?.[at],
    state: columns.states?.[at],
    soldCount: columns.soldCounts?.[at],
  };
}

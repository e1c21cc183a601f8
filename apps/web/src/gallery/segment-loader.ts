import type { Columns, GridSource } from './columns.ts';

const parallelMax = 2;

/** Loads the segments that somebody looks at, and stops for those that were passed. */
export class SegmentLoader {
  private readonly source: Pick<GridSource, 'loadSegment'>;
  private readonly loaded: (segment: string, columns: Columns) => void;
  private readonly changed: () => void;
  private readonly loading = new Map<string, AbortController>();
  private wanted: readonly string[] = [];
  /** By segment, why it could not be loaded. */
  private readonly failures = new Map<string, unknown>();

  constructor(
    source: Pick<GridSource, 'loadSegment'>,
    loaded: (segment: string, columns: Columns) => void,
    changed: () => void,
  ) {
    this.source = source;
    this.loaded = loaded;
    this.changed = changed;
  }

  /** `isHeld` while photos rush by: nothing new is begun. */
  want(segments: readonly string[], isHeld = false): void {
    this.wanted = isHeld ? [] : segments;
    for (const [segment, controller] of this.loading) if (!segments.includes(segment)) controller.abort();
    this.pump();
  }

  /** Why what somebody looks at could not be loaded. */
  get failure(): { readonly error: unknown } | undefined {
    const [error] = this.failures.values();
    return this.failures.size === 0 ? undefined : { error };
  }

  /** Forgets the failures, so that what is wanted is tried again. */
  retry(): void {
    this.failures.clear();
    this.changed();
    this.pump();
  }

  close(): void {
    this.want([]);
  }

  private pump(): void {
    for (const segment of this.wanted) {
      if (this.loading.size >= parallelMax) return;
      if (!this.loading.has(segment) && !this.failures.has(segment)) void this.load(segment);
    }
  }

  private async load(segment: string): Promise<void> {
    const controller = new AbortController();
    this.loading.set(segment, controller);
    try {
      const columns = await this.source.loadSegment(segment, controller.signal);
      if (controller.signal.aborted) return;
      this.wanted = this.wanted.filter((each) => each !== segment);
      this.loaded(segment, columns);
    } catch (error) {
      if (controller.signal.aborted) return;
      this.failures.set(segment, error);
      this.changed();
    } finally {
      this.loading.delete(segment);
      this.pump();
    }
  }
}

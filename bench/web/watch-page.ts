import path from 'node:path';
import type { Page } from 'playwright-core';

/** What a page tells of itself, in milliseconds since it was asked for. */
export interface Watched {
  readonly lcpMs: number;
  /** What was painted largest: its name, and its address or first words. */
  readonly lcpElement: string;
  readonly fcpMs: number;
  /** The first tile of a grid with its image; 0 before. */
  readonly tilesMs: number;
  /** Sum, over the tasks after the first paint, of what each took beyond 50 ms. */
  readonly tbtMs: number;
  /** 0 where no task took 50 ms. */
  readonly longestTaskMs: number;
  readonly cls: number;
  /** What moved, as HTML. */
  readonly shifted: readonly string[];
}

interface Notes extends Omit<Watched, 'tbtMs' | 'longestTaskMs'> {
  /** Those of 50 ms and more. */
  readonly tasks: readonly { readonly startMs: number; readonly durationMs: number }[];
}

export async function watchPage(page: Page): Promise<void> {
  await page.addInitScript({ path: path.join(import.meta.dirname, 'in-page.js') });
}

/** Resolves with the first image of a tile. */
export async function awaitFirstTile(page: Page): Promise<void> {
  await page.evaluate('bench.firstTile()');
}

export async function readNotes(page: Page): Promise<Watched> {
  const { tasks, ...notes } = await page.evaluate<Notes>('bench.notes');
  const afterPaint = tasks.filter(({ startMs, durationMs }) => startMs + durationMs > notes.fcpMs);
  return {
    ...notes,
    tbtMs: afterPaint.reduce((sum, { durationMs }) => sum + durationMs - 50, 0),
    longestTaskMs: Math.max(0, ...tasks.map(({ durationMs }) => durationMs)),
  };
}

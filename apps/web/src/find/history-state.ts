import type { GridHandle } from '../gallery/grid-props.ts';

/** What an entry of the browser's history holds beside its address. */
declare module '@tanstack/react-router' {
  interface HistoryState {
    /** The list that the photo was opened from: its viewer goes on to those beside it. */
    around?: readonly string[];
  }
}

/** Photos to either side that a viewer can go on to. */
const sideMax = 500;
/** Of a grid that may have to load them first. */
const nearMax = 50;

/** The list around one of its photos, as its viewer takes it along. */
export function aroundOf(photoIds: readonly string[], photoId: string): readonly string[] {
  const at = photoIds.indexOf(photoId);
  return photoIds.slice(Math.max(0, at - sideMax), at + sideMax + 1);
}

/** The same of a grid that holds more than it has loaded. */
export async function aroundIn(grid: GridHandle, index: number): Promise<readonly string[]> {
  const from = Math.max(0, index - nearMax);
  const near = Array.from({ length: 2 * nearMax + 1 }, (_, at) => grid.photoAt(from + at));
  return (await Promise.all(near)).flatMap((photo) => photo?.photoId ?? []);
}

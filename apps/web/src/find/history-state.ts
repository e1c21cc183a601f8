/** What an entry of the browser's history holds beside its address. */
declare module '@tanstack/react-router' {
  interface HistoryState {
    /** The list that the photo was opened from: its viewer goes on to those beside it. */
    around?: readonly string[];
  }
}

/** Photos to either side that a viewer can go on to. */
const sideMax = 500;

/** The list around one of its photos, as its viewer takes it along. */
export function aroundOf(photoIds: readonly string[], photoId: string): readonly string[] {
  const at = photoIds.indexOf(photoId);
  return photoIds.slice(Math.max(0, at - sideMax), at + sideMax + 1);
}

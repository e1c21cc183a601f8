/**
 * Browsers cap the height of an element (some at 17 million pixels, less on screens with more pixels), so a list may be higher than what is scrolled.
 * Small steps move both alike; a jump of the scrollbar goes to the same part of the whole.
 */
export const scrollHeightMax = 8_000_000;

export function scrollHeightOf(listHeight: number, max = scrollHeightMax): number {
  return Math.min(listHeight, max);
}

export interface Extent {
  readonly list: number;
  readonly scroll: number;
  readonly screen: number;
}

/** The place in the list for a place of the scrollbar. Above the first and below the last screen both run alike. */
export function listPlace(at: number, { list, scroll, screen }: Extent): number {
  const end = scroll - screen;
  if (at <= 0 || end <= 0) return at;
  if (at >= end) return list - scroll + at;
  return (at / end) * (list - screen);
}

export function scrollPlace(at: number, { list, scroll, screen }: Extent): number {
  const end = list - screen;
  if (at <= 0 || end <= 0) return at;
  if (at >= end) return scroll - list + at;
  return (at / end) * (scroll - screen);
}

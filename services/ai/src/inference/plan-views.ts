import type { Region } from './rgb-image.ts';

/** Above this long edge the whole frame at 512 px loses faces that are worth money, so tiles are looked at too. */
export const TILED_LONG_EDGE_PX = 1600;
/** A tile at 512 px shows faces 2.5 times smaller than in the picture. */
export const TILE_PX = 1280;
export const TILES_MAX = 12;

const TILE_OVERLAP = 0.25;
/** Grey on each side of the frame, as a share of its long edge: a face that fills the frame is found only with it. */
const MARGINS = [0.1, 0.7];

/**
 * The squares of an image (px) that the detector looks at: the whole frame, plain and with a grey margin, and for large
 * images overlapping tiles, at most TILES_MAX: beyond that the tiles grow instead.
 */
export function planViews(width: number, height: number): Region[] {
  return [...MARGINS.map((margin) => frameWithMargin(width, height, margin)), ...planTiles(width, height)];
}

function frameWithMargin(width: number, height: number, margin: number): Region {
  const sizePx = Math.round(Math.max(width, height) * (1 + 2 * margin));
  return { x: Math.round((width - sizePx) / 2), y: Math.round((height - sizePx) / 2), sizePx };
}

function planTiles(width: number, height: number): Region[] {
  if (Math.max(width, height) <= TILED_LONG_EDGE_PX) return [];
  let sizePx = TILE_PX;
  while (countTiles(width, sizePx) * countTiles(height, sizePx) > TILES_MAX) sizePx = Math.ceil(sizePx * 1.05);
  return placeTiles(height, sizePx).flatMap((y) => placeTiles(width, sizePx).map((x) => ({ x, y, sizePx })));
}

function countTiles(length: number, sizePx: number): number {
  const overlapPx = sizePx * TILE_OVERLAP;
  return Math.max(1, Math.ceil((length - overlapPx) / (sizePx - overlapPx)));
}

function placeTiles(length: number, sizePx: number): number[] {
  const count = countTiles(length, sizePx);
  if (count === 1) return [Math.round((length - sizePx) / 2)];
  return Array.from({ length: count }, (_, i) => Math.round(((length - sizePx) * i) / (count - 1)));
}

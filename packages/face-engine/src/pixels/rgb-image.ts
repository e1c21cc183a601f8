/** Interleaved 8-bit sRGB, rows from the top, no padding: `data` holds `width × height × 3` bytes. */
export type RgbImage = { data: Uint8Array; width: number; height: number };

/** Pixels of the image, origin at its top left corner; fractions are allowed. */
export type Box = { x: number; y: number; width: number; height: number };
export type Point = { x: number; y: number };

/** A square of the image's plane, in whole pixels; it may reach outside the image. */
export type Region = { x: number; y: number; sizePx: number };

/** The part of a box that lies inside an image. */
export function clipBox(box: Box, image: { width: number; height: number }): Box {
  const x = Math.min(Math.max(box.x, 0), image.width);
  const y = Math.min(Math.max(box.y, 0), image.height);
  const width = Math.max(Math.min(box.x + box.width, image.width) - x, 0);
  const height = Math.max(Math.min(box.y + box.height, image.height) - y, 0);
  return { x, y, width, height };
}

/** Of two boxes, in square pixels. */
export function sharedArea(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return width > 0 && height > 0 ? width * height : 0;
}

/** Intersection over union, 0..1. */
export function overlapOf(a: Box, b: Box): number {
  const shared = sharedArea(a, b);
  return shared === 0 ? 0 : shared / (a.width * a.height + b.width * b.height - shared);
}

/** The smallest box that holds all points. */
export function boxAround(points: readonly Point[]): Box {
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

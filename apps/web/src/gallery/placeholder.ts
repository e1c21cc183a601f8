import { thumbHashToAverageRGBA, thumbHashToRGBA } from 'thumbhash';

/** Longer than this at a time would be felt while scrolling. */
const sliceMs = 4;

const waiting = new Map<HTMLCanvasElement, string>();
let isPlanned = false;

/** The colour that a photo is on the whole, as CSS; undefined without a hash. */
export function colourOf(thumbhash: string | null): string | undefined {
  if (thumbhash === null) return undefined;
  const { r, g, b } = thumbHashToAverageRGBA(bytesOf(thumbhash.slice(0, 8)));
  return `rgb(${[r, g, b].map((part) => Math.round(part * 255)).join(' ')})`;
}

/** Draws the blurred picture of a hash when the browser has time. Returns how to take that back. */
export function paintSoon(canvas: HTMLCanvasElement, thumbhash: string): () => void {
  waiting.set(canvas, thumbhash);
  plan();
  return () => waiting.delete(canvas);
}

function plan(): void {
  if (isPlanned || waiting.size === 0) return;
  isPlanned = true;
  // Safari knows no idle time.
  if (typeof requestIdleCallback === 'function') requestIdleCallback(paintSome, { timeout: 300 });
  else setTimeout(paintSome, 16);
}

function paintSome(): void {
  const endMs = performance.now() + sliceMs;
  for (const [canvas, thumbhash] of waiting) {
    waiting.delete(canvas);
    paint(canvas, thumbhash);
    if (performance.now() > endMs) break;
  }
  isPlanned = false;
  plan();
}

/** Draws the blurred picture of a hash at once. */
export function paint(canvas: HTMLCanvasElement, thumbhash: string): void {
  const { w, h, rgba } = thumbHashToRGBA(bytesOf(thumbhash));
  canvas.width = w;
  canvas.height = h;
  // A few pixels are no work for a graphics card.
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context?.putImageData(new ImageData(new Uint8ClampedArray(rgba), w, h), 0, 0);
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

import type { FaceDetector } from '../packs/face-pack.ts';
import type { View } from '../pixels/render-view.ts';

/** The smallest face, as the longer side of its box in pixels of the picture, that is looked for. */
export const faceWantedPx = 32;
/** Grey on each side of the frame, as a share of its long edge: a face that touches the frame's edge is found only with it. */
const MARGIN = 0.1;
/** The same for a face that fills the frame. */
const wideMargin = 0.7;
/** Between one scale and the next: what is too small on the one is not yet large on the other. */
const scaleStepMax = 3.3;
/** A finer scale than this is worth its time. */
const scaleStepMin = 1.3;
/** Of all tiles of one scale together: very large pictures are looked at on a coarser one. 24 megapixels are looked at as they are. */
export const scalePixelsMax = 26_000_000;
/** Of neighbouring tiles, in pixels of a view: larger faces were found on the scale before. */
const tileOverlapPx = 96;

type DetectorSize = Pick<FaceDetector, 'viewPx' | 'stridePx' | 'tilePxMax' | 'faceMinPx'>;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The whole frame, with grey around it; with `isWide` so much of it that a face which fills the frame is found. */
export function planFrame(picture: Size, { viewPx, stridePx }: DetectorSize, isWide = false): View {
  const margin = isWide ? wideMargin : MARGIN;
  const longEdge = Math.max(picture.width, picture.height);
  const scale = viewPx / (longEdge * (1 + 2 * margin));
  const marginPx = margin * longEdge * scale;
  const width = roundUp(picture.width * scale + 2 * marginPx, stridePx, viewPx);
  const height = roundUp(picture.height * scale + 2 * marginPx, stridePx, viewPx);
  const centre = (side: number, length: number) => -Math.round((side - length * scale) / 2);
  return { scale, x: centre(width, picture.width), y: centre(height, picture.height), width, height };
}

/** The scales, from coarse to fine, on which faces are looked for that are too small on the frame's view. */
export function planScales(picture: Size, detector: DetectorSize): number[] {
  const { scale: coarsest } = planFrame(picture, detector);
  const affordable = Math.sqrt(scalePixelsMax / (picture.width * picture.height));
  const finest = Math.min(detector.faceMinPx / faceWantedPx, affordable);
  const range = finest / coarsest;
  if (range < scaleStepMin) return [];
  const count = Math.ceil(Math.log(range) / Math.log(scaleStepMax));
  return Array.from({ length: count }, (_, i) => coarsest * range ** ((i + 1) / count));
}

/** Overlapping tiles that cover the picture on this scale, all of one size. */
export function planTiles(picture: Size, scale: number, { stridePx, tilePxMax }: DetectorSize): View[] {
  const [columns, width] = split(Math.round(picture.width * scale), stridePx, tilePxMax);
  const [rows, height] = split(Math.round(picture.height * scale), stridePx, tilePxMax);
  return rows.flatMap((y) => columns.map((x) => ({ scale, x, y, width, height })));
}

/** The starts of parts that cover a length, and how long each is. */
function split(length: number, stridePx: number, partMax: number): [starts: number[], part: number] {
  if (length <= partMax) return [[0], Math.min(roundUp(length, stridePx), partMax)];
  const count = Math.ceil((length - tileOverlapPx) / (partMax - tileOverlapPx));
  const part = Math.min(roundUp((length + (count - 1) * tileOverlapPx) / count, stridePx), partMax);
  return [Array.from({ length: count }, (_, i) => Math.round(((length - part) * i) / (count - 1))), part];
}

function roundUp(value: number, step: number, max = Number.POSITIVE_INFINITY): number {
  return Math.min(Math.max(Math.ceil(value / step), 1) * step, max);
}

import type { FaceDetector } from '../packs/face-pack.ts';
import type { Pyramid } from '../pixels/pyramid.ts';
import { outsideGrey } from '../pixels/render-view.ts';
import { type Box, overlapOf, type Point, type RgbImage } from '../pixels/rgb-image.ts';
import { applySimilarity, type Similarity } from '../pixels/similarity-transform.ts';
import { cosSin, type TurnDeg, turnedBox } from '../pixels/turn.ts';
import { warpImage } from '../pixels/warp-image.ts';

/** What may be a face is shown in squares of this side, many side by side in one view. */
const cellPx = 128;
const cellsPerRow = 4;
const cellsPerView = 16;

/** Overlap (intersection over union) with what was asked about from which a box in its square speaks of it. */
const sameFaceOverlap = 0.3;

/** What to look at: a box of the picture, stood upright by its turn, `facePx` large. */
export interface Spot {
  readonly box: Box;
  readonly turnDeg: TurnDeg;
  readonly facePx: number;
}

/** Boxes in the picture, with the detector's score. */
export type Seen = readonly { readonly box: Box; readonly score: number }[];

/** Shows each spot to a detector's exact or quick look by itself; `seen` says of each which faces it sees there. */
export async function lookCloser(
  look: FaceDetector['detect'],
  pyramid: Pyramid,
  spots: readonly Spot[],
): Promise<{ seen: Seen[]; pixelCount: number }> {
  const seen: Seen[] = [];
  let pixelCount = 0;
  for (let start = 0; start < spots.length; start += cellsPerView) {
    const batch = spots.slice(start, start + cellsPerView);
    const view = await showSideBySide(pyramid, batch);
    pixelCount += view.width * view.height;
    const [found = []] = await look([view]);
    for (const [i, spot] of batch.entries()) {
      const place = placeOf(i);
      const toPicture = cellToPicture(spot);
      const inPicture = found.map(({ box, score }) => {
        const middle = { x: box.x + box.width / 2 - place.x, y: box.y + box.height / 2 - place.y };
        const size = { width: box.width / scaleOfSpot(spot), height: box.height / scaleOfSpot(spot) };
        return { box: turnedBox(size, spot.turnDeg, applySimilarity(toPicture, middle)), score };
      });
      seen.push(inPicture.filter(({ box }) => overlapOf(box, spot.box) >= sameFaceOverlap));
    }
  }
  return { seen, pixelCount };
}

async function showSideBySide(pyramid: Pyramid, spots: readonly Spot[]): Promise<RgbImage> {
  const width = Math.min(spots.length, cellsPerRow) * cellPx;
  const height = Math.ceil(spots.length / cellsPerRow) * cellPx;
  const data = new Uint8Array(width * height * 3).fill(outsideGrey);
  for (const [i, spot] of spots.entries()) {
    const pixels = await cutCell(pyramid, spot);
    const place = placeOf(i);
    for (let row = 0; row < cellPx; row++) {
      const start = ((place.y + row) * width + place.x) * 3;
      data.set(pixels.subarray(row * cellPx * 3, (row + 1) * cellPx * 3), start);
    }
  }
  return { data, width, height };
}

async function cutCell(pyramid: Pyramid, spot: Spot): Promise<Uint8Array> {
  const toPicture = cellToPicture(spot);
  const level = await pyramid.level(scaleOfSpot(spot));
  const { a, b, tx, ty } = toPicture;
  const toLevel = { a: a * level.scale, b: b * level.scale, tx: tx * level.scale, ty: ty * level.scale };
  const pixels = warpImage(level.image, toLevel, cellPx);
  greyOutside(pixels, toPicture, pyramid.picture);
  return pixels;
}

/** Grey outside of the picture: a face at its edge, with the edge's pixels drawn out, is not seen. */
function greyOutside(pixels: Uint8Array, toPicture: Similarity, { width, height }: RgbImage): void {
  const isInside = (at: Point) => {
    const { x, y } = applySimilarity(toPicture, at);
    return x >= 0 && y >= 0 && x <= width && y <= height;
  };
  const ends = [0, cellPx];
  if (ends.every((x) => ends.every((y) => isInside({ x, y })))) return;
  for (let y = 0; y < cellPx; y++) {
    for (let x = 0; x < cellPx; x++) {
      if (isInside({ x: x + 0.5, y: y + 0.5 })) continue;
      pixels.fill(outsideGrey, (y * cellPx + x) * 3, (y * cellPx + x + 1) * 3);
    }
  }
}

/** Pixels of a cell for one of the picture. */
function scaleOfSpot({ box, facePx }: Spot): number {
  return facePx / Math.max(box.width, box.height, 1);
}

function cellToPicture(spot: Spot): Similarity {
  const { box, turnDeg } = spot;
  const [a, b] = cosSin(turnDeg).map((part) => part / scaleOfSpot(spot)) as [number, number];
  const half = cellPx / 2;
  return {
    a,
    b,
    tx: box.x + box.width / 2 - (a * half - b * half),
    ty: box.y + box.height / 2 - (b * half + a * half),
  };
}

function placeOf(index: number): Point {
  return { x: (index % cellsPerRow) * cellPx, y: Math.floor(index / cellsPerRow) * cellPx };
}

import { expect, test } from 'vitest';
import type { View } from '../pixels/render-view.ts';
import { faceWantedPx, planFrame, planScales, planTiles, scalePixelsMax } from './plan-views.ts';

const DETECTOR = { viewPx: 512, stridePx: 32, tilePxMax: 896, faceMinPx: 16 };
/** As a detector that was exported for one size. */
const oneSize = { viewPx: 640, stridePx: 640, tilePxMax: 640, faceMinPx: 16 };

const sizes = [
  { width: 1920, height: 1280 },
  { width: 4000, height: 6000 },
  { width: 20_000, height: 400 },
  { width: 10_000, height: 10_000 },
  { width: 1, height: 10_000 },
  { width: 1, height: 1 },
];

const areaOf = (views: readonly View[]) => views.reduce((sum, { width, height }) => sum + width * height, 0);

test.each(sizes)('the frame’s view of a $width × $height picture shows all of it with room around', (picture) => {
  for (const isWide of [false, true]) {
    const { scale, x, y, width, height } = planFrame(picture, DETECTOR, isWide);
    const roomPx = Math.max(width, height) * 0.07;
    expect(Math.max(width, height)).toBe(DETECTOR.viewPx);
    expect(-x).toBeGreaterThanOrEqual(roomPx);
    expect(-y).toBeGreaterThanOrEqual(roomPx);
    expect(x + width).toBeGreaterThanOrEqual(picture.width * scale + roomPx);
    expect(y + height).toBeGreaterThanOrEqual(picture.height * scale + roomPx);
  }
});

test.each([DETECTOR, oneSize])('views fit what the detector takes', (detector) => {
  for (const picture of sizes) {
    const tiles = planScales(picture, detector).flatMap((scale) => planTiles(picture, scale, detector));
    for (const { width, height } of [planFrame(picture, detector), planFrame(picture, detector, true), ...tiles]) {
      for (const side of [width, height]) {
        expect(side % detector.stridePx).toBe(0);
        expect(side).toBeGreaterThan(0);
        expect(side).toBeLessThanOrEqual(Math.max(detector.viewPx, detector.tilePxMax));
      }
    }
  }
});

test.each(sizes)('tiles of a $width × $height picture cover it, and no scale looks at more than it may', (picture) => {
  for (const scale of planScales(picture, DETECTOR)) {
    const tiles = planTiles(picture, scale, DETECTOR);
    expect(areaOf(tiles)).toBeLessThanOrEqual(scalePixelsMax * 1.3);
    for (let x = 0; x < picture.width * scale; x += 47) {
      for (let y = 0; y < picture.height * scale; y += 47) {
        const seen = tiles.some((t) => x >= t.x && x < t.x + t.width && y >= t.y && y < t.y + t.height);
        if (!seen) throw new Error(`no tile sees ${x}, ${y}`);
      }
    }
  }
});

test('neighbouring tiles share so much that a face on a border is whole in one of them', () => {
  const picture = { width: 6000, height: 4000 };
  for (const scale of planScales(picture, DETECTOR)) {
    const [first, second] = planTiles(picture, scale, DETECTOR);
    if (first && second?.y === first.y) expect(first.x + first.width - second.x).toBeGreaterThanOrEqual(96);
  }
});

test('the finest scale shows the smallest face wanted as large as the detector needs it, where the picture allows', () => {
  const finest = planScales({ width: 6000, height: 4000 }, DETECTOR).at(-1) ?? 0;
  expect(finest * faceWantedPx).toBeCloseTo(DETECTOR.faceMinPx, 6);
  expect(planScales({ width: 14_000, height: 10_000 }, DETECTOR).at(-1)).toBeLessThan(finest);
  expect(planScales({ width: 700, height: 500 }, DETECTOR)).toEqual([]);
});

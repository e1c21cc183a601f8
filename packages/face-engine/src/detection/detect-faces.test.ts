import { expect, test } from 'vitest';
import type { DetectedFace, FaceDetector } from '../packs/face-pack.ts';
import type { RgbImage } from '../pixels/rgb-image.ts';
import { detectFaces } from './detect-faces.ts';

const VIEW_PX = 512;
const cellPx = 128;
const squarePx = 40;

/** A chessboard: there is detail everywhere, on every scale. */
function chessboard(width: number, height: number): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    const isWhite = (Math.floor((i % width) / squarePx) + Math.floor(i / width / squarePx)) % 2 === 0;
    data.fill(isWhite ? 220 : 40, i * 3, i * 3 + 3);
  }
  return { data, width, height };
}

/** A face of this size in the middle of a view. */
function middle({ width, height }: RgbImage, sizePx: number, score: number): DetectedFace {
  return { box: { x: (width - sizePx) / 2, y: (height - sizePx) / 2, width: sizePx, height: sizePx }, score };
}

interface Eyes {
  /** On the whole frame, and in each look that follows. */
  readonly frame: (view: RgbImage) => DetectedFace[];
  readonly later: (view: RgbImage, index: number) => DetectedFace[];
  /** In each square of the closer look: score of a face that fills half of it; undefined for none. */
  readonly closer: number | undefined;
}

function newDetector({ frame, later, closer }: Eyes) {
  const seen = { scans: 0, closerViews: 0 };
  const detector: FaceDetector = {
    ...{ viewPx: VIEW_PX, stridePx: 32, tilePxMax: 896, faceMinPx: 32, hintMin: 0.05, scoreMin: 0.7, certainMin: 0.85 },
    scan: async ([view]) => {
      if (!view) return [];
      return [seen.scans++ === 0 ? frame(view) : later(view, seen.scans - 2)];
    },
    detect: async ([view]) => {
      if (!view) return [];
      seen.closerViews++;
      if (closer === undefined) return [[]];
      const cells = Math.floor(view.width / cellPx) * Math.floor(view.height / cellPx);
      return [
        Array.from({ length: cells }, (_, i) => ({
          box: { x: (i % 4) * cellPx + 32, y: Math.floor(i / 4) * cellPx + 32, width: 64, height: 64 },
          score: closer,
        })),
      ];
    },
    close: async () => {},
  };
  return { detector, seen };
}

test('a small face that the closer look confirmed stays one, though the finer scale shows nothing', async () => {
  const { detector, seen } = newDetector({ frame: (view) => [middle(view, 28, 0.6)], later: () => [], closer: 0.5 });
  const { faces } = await detectFaces(detector, chessboard(2000, 1500));
  expect(faces).toHaveLength(1);
  expect(seen.scans).toBeGreaterThan(2);
  expect(seen.closerViews).toBe(1);
});

test('a large pattern that the scan is not sure of keeps nobody from being looked for', async () => {
  const { detector, seen } = newDetector({
    frame: (view) => [middle(view, 200, 0.75)],
    later: (view, index) => (index === 5 ? [middle(view, 40, 0.95)] : []),
    closer: undefined,
  });
  const { faces } = await detectFaces(detector, chessboard(3000, 2000));
  expect(seen.scans).toBeGreaterThan(2);
  expect(faces.map(({ score }) => score)).toEqual([0.95]);
});

test('beside a large face that is certain, no tile is looked at', async () => {
  const { detector, seen } = newDetector({
    frame: (view) => [middle(view, 150, 0.95)],
    later: () => [],
    closer: undefined,
  });
  const { faces } = await detectFaces(detector, chessboard(3000, 2000));
  expect([faces.length, seen.scans]).toEqual([1, 1]);
});

test('a faint trace of a face that would be seen well is none', async () => {
  const { detector, seen } = newDetector({ frame: (view) => [middle(view, 60, 0.08)], later: () => [], closer: 0.9 });
  expect((await detectFaces(detector, chessboard(3000, 2000))).faces).toEqual([]);
  expect(seen.closerViews).toBe(0);
});

import { expect, test } from 'vitest';
import { planViews, TILE_PX, TILED_LONG_EDGE_PX, TILES_MAX } from './plan-views.ts';

function tilesOf(width: number, height: number) {
  return planViews(width, height).filter(({ sizePx }) => sizePx < Math.max(width, height));
}

test('a small picture is looked at whole, without and with room around it', () => {
  const views = planViews(TILED_LONG_EDGE_PX, 900);
  expect(views.map(({ sizePx }) => sizePx)).toEqual([1920, 3840]);
  for (const { x, y, sizePx } of views) {
    expect(x).toBeLessThan(0);
    expect(y).toBeLessThan(0);
    expect(x + sizePx).toBeGreaterThan(TILED_LONG_EDGE_PX);
  }
});

test.each([
  [1920, 1280],
  [4000, 6000],
  [20_000, 400],
  [30_000, 30_000],
])('tiles of a %i × %i picture cover it and stay within their limit', (width, height) => {
  const tiles = tilesOf(width, height);
  expect(tiles.length).toBeGreaterThan(0);
  expect(tiles.length).toBeLessThanOrEqual(TILES_MAX);
  for (let x = 0; x < width; x += 97) {
    for (let y = 0; y < height; y += 97) {
      const seen = tiles.some(
        (tile) => x >= tile.x && x < tile.x + tile.sizePx && y >= tile.y && y < tile.y + tile.sizePx,
      );
      if (!seen) throw new Error(`no tile sees ${x}, ${y}`);
    }
  }
});

test('neighbouring tiles share a quarter, so that a face on a border is whole in one of them', () => {
  const [first, second] = tilesOf(2200, 1200);
  expect(first?.sizePx).toBe(TILE_PX);
  expect((first?.x ?? 0) + TILE_PX - (second?.x ?? 0)).toBeGreaterThanOrEqual(TILE_PX / 4);
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RgbImage } from '../pixels/rgb-image.ts';
import { buildTinyDetector, writeTinyPack } from '../testing/tiny-pack.ts';
import type { DetectedFace } from './face-pack.ts';
import type { PackManifest } from './manifest.ts';
import { YunetDetector } from './yunet-detector.ts';

type YunetManifest = Extract<PackManifest['detector'], { kind: 'yunet' }>;

let dir = '';
let manifest: YunetManifest;

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'kilas-yunet-'));
  const { detector } = await writeTinyPack(dir, 'tiny');
  if (detector.kind !== 'yunet') throw new Error('the tiny pack has another detector');
  manifest = detector;
});

afterAll(() => rm(dir, { recursive: true }));

async function open(graph: Uint8Array, changes: Partial<YunetManifest> = {}): Promise<YunetDetector> {
  const file = path.join(dir, 'any.onnx');
  await writeFile(file, graph);
  return YunetDetector.open(file, { ...manifest, ...changes }, 1);
}

async function detectOnce(graph: Uint8Array, views: RgbImage[], changes: Partial<YunetManifest> = {}) {
  const detector = await open(graph, changes);
  try {
    return await detector.detect(views);
  } finally {
    await detector.close();
  }
}

/** A black view in which one square is of one colour. */
function viewWith(
  square: { x: number; y: number; sidePx: number; rgb: readonly [number, number, number] },
  [width, height] = [128, 128],
): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let y = square.y; y < square.y + square.sidePx; y++) {
    for (let x = square.x; x < square.x + square.sidePx; x++) data.set(square.rgb, (y * width + x) * 3);
  }
  return { data, width, height };
}

const blue = [0, 0, 255] as const;
const red = [255, 0, 0] as const;
const only = (faces: DetectedFace[] | undefined): DetectedFace => {
  const [face, another] = faces ?? [];
  if (!face || another) throw new Error(`${faces?.length} faces, expected one`);
  return face;
};

test.each([8, 16, 32])('a lit cell of stride %i is a face where its column, row and offsets say', async (stridePx) => {
  const cell = {
    box: [0.25, 0.75, Math.log(2), Math.log(3)] as const,
    points: [0, 0.1, 1, 0.2, 0.5, 0.5, 0.1, 0.9, 0.8, 1],
  };
  const lit = viewWith({ x: 2 * stridePx, y: stridePx, sidePx: stridePx, rgb: blue });
  const [faces] = await detectOnce(buildTinyDetector({ cell, litStridePx: stridePx }), [lit]);
  const { box, score, points } = only(faces);
  expect(score).toBeCloseTo(1, 5);
  expect(box.x).toBeCloseTo((2 + 0.25 - 1) * stridePx, 3);
  expect(box.y).toBeCloseTo((1 + 0.75 - 1.5) * stridePx, 3);
  expect(box.width).toBeCloseTo(2 * stridePx, 3);
  expect(box.height).toBeCloseTo(3 * stridePx, 3);
  expect(points?.layout).toBe('5');
  const expected = [
    [2, 1.1],
    [3, 1.2],
    [2.5, 1.5],
    [2.1, 1.9],
    [2.8, 2],
  ];
  for (const [i, [x = 0, y = 0]] of expected.entries()) {
    expect(points?.points[i]?.x).toBeCloseTo(x * stridePx, 3);
    expect(points?.points[i]?.y).toBeCloseTo(y * stridePx, 3);
  }
});

test('a score is the root of class times object, and one below the least is no face', async () => {
  const dim = viewWith({ x: 0, y: 0, sidePx: 8, rgb: [0, 0, 0.49 * 255] });
  const score = only((await detectOnce(buildTinyDetector(), [dim], { scoreMin: 0.69 }))[0]).score;
  expect(score).toBeCloseTo(0.7, 2);
  expect(await detectOnce(buildTinyDetector(), [dim], { scoreMin: 0.71 })).toEqual([[]]);
});

test('pixels are handed over in the order of channels and with the normalisation that the manifest says', async () => {
  const graph = buildTinyDetector();
  const redView = viewWith({ x: 0, y: 0, sidePx: 8, rgb: red });
  expect(await detectOnce(graph, [redView])).toEqual([[]]);
  const asRgb = await detectOnce(graph, [redView], { input: { ...manifest.input, channels: 'rgb' } });
  expect(asRgb[0]).toHaveLength(1);
  const halved = { ...manifest.input, divisor: 2 };
  const blueView = viewWith({ x: 0, y: 0, sidePx: 8, rgb: blue });
  const [faces] = await detectOnce(graph, [blueView], { input: halved });
  expect(only(faces).score).toBeCloseTo(Math.sqrt(0.5), 2);
});

test('views of one size are looked at together, each with its own faces, broad ones too', async () => {
  const size: [number, number] = [192, 96];
  const views = [
    viewWith({ x: 0, y: 0, sidePx: 8, rgb: blue }, size),
    viewWith({ x: 0, y: 0, sidePx: 8, rgb: red }, size),
    viewWith({ x: 176, y: 88, sidePx: 8, rgb: blue }, size),
  ];
  const found = await detectOnce(buildTinyDetector(), views);
  expect(found.map((faces) => faces.length)).toEqual([1, 0, 1]);
  expect(only(found[2]).box.x).toBeCloseTo((22 + 0.5 - 2.5) * 8, 3);
  expect(only(found[2]).box.y).toBeCloseTo((11 + 0.5 - 3) * 8, 3);
});

test('a detector made for one size says so, and takes its views one by one', async () => {
  const detector = await open(buildTinyDetector({ sizePx: 128 }));
  expect(detector.stridePx).toBe(128);
  const views = [viewWith({ x: 0, y: 0, sidePx: 8, rgb: blue }), viewWith({ x: 64, y: 64, sidePx: 8, rgb: blue })];
  expect((await detector.detect(views)).map((faces) => faces.length)).toEqual([1, 1]);
  await detector.close();
  const free = await open(buildTinyDetector());
  expect(free.stridePx).toBe(32);
  await free.close();
});

test('a view that is lit all over gives a bounded number of faces', async () => {
  const all = viewWith({ x: 0, y: 0, sidePx: 512, rgb: blue }, [512, 512]);
  const [faces] = await detectOnce(buildTinyDetector(), [all]);
  expect(faces).toHaveLength(1000);
});

test('a network that is no detector of this kind is refused when it is opened', async () => {
  await expect(open(buildTinyDetector({ omits: 'kps_16' }))).rejects.toThrow('kps_16');
  await expect(open(Buffer.from('no network'))).rejects.toThrow();
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { applySimilarity, fitSimilarity } from '../pixels/similarity-transform.ts';
import { buildTinyEmbedder, channelsApart, writeTinyPack } from '../testing/tiny-pack.ts';
import { ArcfaceEmbedder } from './arcface-embedder.ts';
import type { Landmarks } from './face-pack.ts';
import type { PackManifest } from './manifest.ts';

type ArcfaceManifest = Extract<PackManifest['embedder'], { kind: 'arcface-112' }>;
type Pixels = Exclude<ArcfaceManifest['input'], 'rgb-bytes'>;

let dir = '';
let manifest: ArcfaceManifest;
let pixels: Pixels;

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'kilas-arcface-'));
  const { embedder } = await writeTinyPack(dir, 'tiny');
  if (embedder.kind !== 'arcface-112') throw new Error('the tiny pack has another embedder');
  if (embedder.input === 'rgb-bytes') throw new Error('the tiny embedder takes other pixels');
  manifest = embedder;
  pixels = embedder.input;
});

afterAll(() => rm(dir, { recursive: true }));

async function open(
  graph: Uint8Array,
  changes: Partial<ArcfaceManifest> = {},
  layout: Landmarks['layout'] = '5',
): Promise<ArcfaceEmbedder> {
  const file = path.join(dir, 'any.onnx');
  await writeFile(file, graph);
  return ArcfaceEmbedder.open(file, { ...manifest, ...changes }, layout, 1);
}

async function embedOnce(graph: Uint8Array, chips: Uint8Array[], changes: Partial<ArcfaceManifest> = {}) {
  const embedder = await open(graph, changes);
  try {
    return (await embedder.embed(chips)).map((embedding) => [...embedding.slice(0, 3)]);
  } finally {
    await embedder.close();
  }
}

/** A chip whose left and right halves have one colour each. */
function chipOf(left: readonly number[], right = left): Uint8Array {
  return Uint8Array.from({ length: 112 * 112 * 3 }, (_, i) => {
    const x = Math.floor(i / 3) % 112;
    return (x < 56 ? left : right)[i % 3] ?? 0;
  });
}

const graph = buildTinyEmbedder(channelsApart);
const close = (values: number[]) => values.map((value) => expect.closeTo(value, 4));

test('an embedding is one long, so that its L2 distance follows the angle alone', async () => {
  const [bright, dark, other] = await embedOnce(graph, [
    chipOf([200, 100, 0]),
    chipOf([100, 50, 0]),
    chipOf([0, 0, 90]),
  ]);
  expect(Math.hypot(...(bright ?? []))).toBeCloseTo(1, 5);
  expect(dark).toEqual(close(bright ?? []));
  expect(Math.hypot(...(bright ?? []).map((value, i) => value - (other?.[i] ?? 0)))).toBeCloseTo(Math.SQRT2, 5);
});

test('RGB goes in as RGB, and as BGR where the manifest says so', async () => {
  const chip = chipOf([255, 0, 0]);
  expect(await embedOnce(graph, [chip])).toEqual([close([1, 0, 0])]);
  expect(await embedOnce(graph, [chip], { input: { ...pixels, channels: 'bgr' } })).toEqual([close([0, 0, 1])]);
});

test('a network that takes RGB bytes gets the chip as it is, whatever it makes of it', async () => {
  const net = buildTinyEmbedder(channelsApart, { takesBytes: true });
  const chips = [chipOf([255, 0, 0]), chipOf([0, 255, 0], [0, 0, 255]), chipOf([0, 0, 7])];
  const [red, mixed, blue] = await embedOnce(net, chips, { input: 'rgb-bytes' });
  expect(red).toEqual(close([1, 0, 0]));
  expect(mixed).toEqual(close([0, Math.SQRT1_2, Math.SQRT1_2]));
  expect(blue).toEqual(close([0, 0, 1]));
  await expect(embedOnce(net, chips)).rejects.toThrow(/uint8|data type/);
});

test('ArcFace’s normalisation puts black at −1 and white at 1', async () => {
  const input: ArcfaceManifest['input'] = { ...pixels, mean: [127.5, 127.5, 127.5], divisor: 127.5 };
  const [embedding] = await embedOnce(graph, [chipOf([255, 0, 255])], { input });
  const third = 1 / Math.sqrt(3);
  expect(embedding).toEqual(close([third, -third, third]));
});

test('the chip and its mirror image count alike', async () => {
  const [embedding] = await embedOnce(graph, [chipOf([250, 0, 0], [0, 50, 0])]);
  expect(embedding).toEqual(close([Math.SQRT1_2, Math.SQRT1_2, 0]));
});

test('many chips give their own embeddings in order, with a network for one chip at a time too', async () => {
  const chips = Array.from({ length: 11 }, (_, i) => chipOf([10 + i, 100, 0]));
  const together = await embedOnce(graph, chips);
  expect(together).toHaveLength(11);
  expect(new Set(together.map(([red]) => red)).size).toBe(11);
  expect(await embedOnce(buildTinyEmbedder(channelsApart, { batch: 1 }), chips)).toEqual(together.map(close));
});

test.each([128, 512])(
  'an embedder of %i numbers is opened as such, and with another dimension refused',
  async (size) => {
    const long = buildTinyEmbedder(Array.from({ length: 3 * size }, (_, i) => Math.sin(i)));
    const embedder = await open(long, { dimension: size });
    expect((await embedder.embed([chipOf([9, 8, 7])]))[0]).toHaveLength(size);
    await embedder.close();
    await expect(open(long, { dimension: size + 1 })).rejects.toThrow('expected');
  },
);

test('an embedding without a direction is no embedding: it would be as near to everyone', async () => {
  await expect(open(buildTinyEmbedder(new Array(24).fill(0)))).rejects.toThrow('without a direction');
});

test('the five points come to lie where ArcFace has them: the eye on the left of the chip is the right one', async () => {
  const embedder = await open(graph);
  const anchors = embedder.anchors('5') ?? [];
  await embedder.close();
  expect(anchors.map(({ landmark }) => landmark)).toEqual([0, 1, 2, 3, 4]);
  const [rightEye, leftEye, nose, rightMouth, leftMouth] = anchors;
  expect(rightEye?.x).toBeLessThan(leftEye?.x ?? 0);
  expect(rightMouth?.x).toBeLessThan(leftMouth?.x ?? 0);
  expect(nose?.y).toBeGreaterThan(rightEye?.y ?? 112);
  // A face half as large and turned comes back to the template.
  const turned = anchors.map((point) => applySimilarity({ a: 0.4, b: 0.3, tx: 20, ty: 7 }, point));
  const toPicture = fitSimilarity(anchors, turned);
  expect(toPicture).toMatchObject({ a: expect.closeTo(0.4), b: expect.closeTo(0.3), tx: expect.closeTo(20) });
});

test('of 68 points the corners of the eyes, the nose and the mouth are aligned to the same face', async () => {
  const embedder = await open(graph, {}, '68');
  const at = new Map((embedder.anchors('68') ?? []).map(({ landmark, x, y }) => [landmark, { x, y }]));
  const five = embedder.anchors('5') ?? [];
  await embedder.close();
  const middle = (a: number, b: number) => ((at.get(a)?.x ?? 0) + (at.get(b)?.x ?? 0)) / 2;
  expect(middle(36, 39)).toBeCloseTo(five[0]?.x ?? 0, 4);
  expect(middle(42, 45)).toBeCloseTo(five[1]?.x ?? 0, 4);
  expect(at.get(30)?.y).toBeCloseTo(five[2]?.y ?? 0, 4);
  expect(at.get(48)?.x).toBeCloseTo(five[3]?.x ?? 0, 4);
});

test('a template of one’s own is used for the layout it was made for, and no other', async () => {
  const alignment = [
    { landmark: 0, x: 30, y: 40 },
    { landmark: 1, x: 80, y: 40 },
  ];
  const embedder = await open(graph, { alignment });
  expect(embedder.anchors('5')).toEqual(alignment);
  expect(embedder.anchors('68')).toBeUndefined();
  await embedder.close();
});

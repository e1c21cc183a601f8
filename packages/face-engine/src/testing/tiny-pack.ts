import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { dlibCalibration } from '../distances/calibration.ts';
import { distanceAtFalseMatchRate, falseMatchRate } from '../distances/level.ts';
import type { OnnxGraph } from '../graphs/onnx-graph.ts';
import {
  addConv,
  addFloats,
  addInput,
  addInts,
  addPixelInput,
  addStep,
  encodeOnnxGraph,
  markOutput,
  newOnnxGraph,
} from '../graphs/onnx-graph.ts';
import { hashSettings } from '../packs/hash-settings.ts';
import { modelsOf, type PackManifest, type PixelInput } from '../packs/manifest.ts';
import { CARD_FILE, gateLimits, type PackCard } from '../packs/pack-card.ts';

const stridesPx = [8, 16, 32];
const CHIP_PX = 112;
const blueOfBgr = [1, 0, 0];

/** What the tiny detector says of a lit cell, in cells: box middle, logarithm of its sides, five points. */
export interface LitCell {
  readonly box: readonly [number, number, number, number];
  readonly points: readonly number[];
}

/** A face five cells wide and six high around the cell, its points as on an upright face. */
export const uprightCell: LitCell = {
  box: [0.5, 0.5, Math.log(5), Math.log(6)],
  points: [-1, -1, 2, -1, 0.5, 0.5, -0.7, 2, 1.7, 2],
};

/**
 * A detector of YuNet's kind whose answers are known: it lights each cell of one stride as far as the cell is blue (first of the
 * channels BGR, 0..255). `sizePx` makes it one for one view of one size, as OpenCV's file is.
 */
export function buildTinyDetector(
  options: { cell?: LitCell; litStridePx?: number; sizePx?: number; omits?: string } = {},
): Uint8Array {
  const { cell = uprightCell, litStridePx = 8, sizePx, omits } = options;
  const graph = newOnnxGraph('tiny-detector');
  const shape = sizePx === undefined ? ['n', 3, 'height', 'width'] : [1, 3, sizePx, sizePx];
  const input = addInput(graph, 'input', 'float32', shape);
  for (const stridePx of stridesPx) {
    const blue = addCells(graph, input, stridePx);
    const zero = addStep(graph, 'Mul', [blue, addFloats(graph, [1], Float32Array.of(0))]);
    const outputs: [string, string, number][] = [
      ['cls', stridePx === litStridePx ? blue : zero, 1],
      ['obj', addStep(graph, 'Add', [zero, addFloats(graph, [1], Float32Array.of(1))]), 1],
      ['bbox', addConstants(graph, zero, cell.box), 4],
      ['kps', addConstants(graph, zero, cell.points), 10],
    ];
    for (const [name, value, size] of outputs) {
      const output = `${name}_${stridePx}`;
      if (output !== omits) markOutput(graph, value, output, ['n', 'cells', size]);
    }
  }
  return encodeOnnxGraph(graph);
}

/** Mean blue of each cell as a share, `[n, cells, 1]`. */
function addCells(graph: OnnxGraph, input: string, stridePx: number): string {
  const area = stridePx * stridePx;
  const data = Float32Array.from({ length: 3 * area }, (_, i) => (blueOfBgr[Math.floor(i / area)] ?? 0) / area / 255);
  const filters = { shape: [1, 3, stridePx, stridePx], data };
  const cells = addConv(graph, input, { filters, stride: stridePx, padding: 'valid' });
  return addStep(graph, 'Reshape', [cells, addInts(graph, [0, -1, 1])]);
}

function addConstants(graph: OnnxGraph, zero: string, values: readonly number[]): string {
  const spread = addStep(graph, 'MatMul', [
    zero,
    addFloats(graph, [1, values.length], new Float32Array(values.length)),
  ]);
  return addStep(graph, 'Add', [spread, addFloats(graph, [values.length], Float32Array.from(values))]);
}

/**
 * An embedder of ArcFace's kind whose answers are known: the mean of each channel over the left half of the chip, times
 * `matrix` (`[3, dimension]`). `batch` 1 makes it one for one chip at a time, `takesBytes` one for RGB bytes.
 */
export function buildTinyEmbedder(
  matrix: readonly number[],
  options: { batch?: number; takesBytes?: boolean } = {},
): Uint8Array {
  const graph = newOnnxGraph('tiny-embedder');
  const input = options.takesBytes
    ? addPixelInput(graph, 'data', [CHIP_PX, CHIP_PX], { mean: [0, 0, 0], divisor: 1 })
    : addInput(graph, 'data', 'float32', [options.batch ?? 'n', 3, CHIP_PX, CHIP_PX]);
  const bounds = [[0], [CHIP_PX / 2], [3]].map((values) => addInts(graph, values));
  const half = addStep(graph, 'Slice', [input, ...bounds]);
  const means = addStep(graph, 'Flatten', [addStep(graph, 'GlobalAveragePool', [half])]);
  const dimension = matrix.length / 3;
  const embedding = addStep(graph, 'MatMul', [means, addFloats(graph, [3, dimension], Float32Array.from(matrix))]);
  markOutput(graph, embedding, 'fc1', ['n', dimension]);
  return encodeOnnxGraph(graph);
}

/** Channel c goes to element c of eight. */
export const channelsApart: readonly number[] = Array.from({ length: 24 }, (_, i) =>
  i % 8 === Math.floor(i / 8) ? 1 : 0,
);

const licence = { name: 'Apache-2.0', data: 'none: its answers are known by construction' };
const rawBgr: PixelInput = { channels: 'bgr', layout: 'nchw', mean: [0, 0, 0], divisor: 1 };
const rawRgb: PixelInput = { ...rawBgr, channels: 'rgb' };

/** Writes a pack whose detector finds blue and whose embedder tells colours apart; answers its manifest. */
export async function writeTinyPack(
  packsFolder: string,
  id: string,
  options: { detector?: Uint8Array; embedder?: Uint8Array; change?: (manifest: PackManifest) => unknown } = {},
): Promise<PackManifest> {
  const folder = path.join(packsFolder, id);
  await mkdir(folder, { recursive: true });
  const { detector = buildTinyDetector(), embedder = buildTinyEmbedder(channelsApart) } = options;
  await writeFile(path.join(folder, 'detector.onnx'), detector);
  await writeFile(path.join(folder, 'embedder.onnx'), embedder);
  const manifest: PackManifest = {
    id,
    detector: {
      kind: 'yunet',
      ...{ file: 'detector.onnx', sha256: sha256Of(detector), licence },
      ...{ input: rawBgr, inputPx: 128, scoreMin: 0.6, faceMinPx: 16 },
    },
    landmarks: { kind: 'of-detector', layout: '5' },
    embedder: {
      kind: 'arcface-112',
      ...{ file: 'embedder.onnx', sha256: sha256Of(embedder), licence },
      ...{ input: rawRgb, chipPx: 112, alignment: 'arcface', dimension: 8 },
    },
    calibration: dlibCalibration,
  };
  await writeFile(path.join(folder, 'manifest.json'), JSON.stringify(options.change?.(manifest) ?? manifest, null, 2));
  return manifest;
}

/** The card of a pack that held every limit of the gate with room, as if it had been measured on a crowd. */
export function cardThatHolds(manifest: PackManifest): PackCard {
  const cut = distanceAtFalseMatchRate(manifest.calibration, 5e-5);
  const [pairs, wrong, truePairs] = [2_000_000, 2, 1_600];
  const figures = {
    measuredMax: wrong / pairs,
    withinAt95Max: 5e-3,
    foundOneMin: 0.9,
    foundThreeMin: 0.96,
    t4Min: 0.97,
  };
  return {
    packId: manifest.id,
    files: Object.fromEntries(modelsOf(manifest).map(({ file, sha256 }) => [file, sha256])),
    settingsSha256: hashSettings(manifest),
    measuredAt: '2026-01-02T03:04:05.000Z',
    ...{ people: 1_000, portraits: 2_000, groupFaces: 700, strangerPairs: pairs, truePairs },
    ...{ cut, stated: falseMatchRate(manifest.calibration, cut) },
    groups: [{ name: 'everyone', pairs, wrong, rate: wrong / pairs, interval: [0, 4e-6], bound: 4e-6 }],
    found: { withinAt95: 5e-3, foundOne: 0.9, foundThree: 0.96, t4: 0.97, rank1: null },
    limits: Object.entries(figures).map(([name, figure]) => {
      const limit = new Map(Object.entries(gateLimits)).get(name) ?? 0;
      return { name, limit, figure, pairs: name === 'measuredMax' ? pairs : truePairs, isEnough: true, isMet: true };
    }),
  };
}

/** Puts a card beside the manifest of a pack that lies in `packsFolder`: without one it may not be in force. */
export async function writeTinyCard(packsFolder: string, card: PackCard): Promise<void> {
  await writeFile(path.join(packsFolder, card.packId, CARD_FILE), JSON.stringify(card));
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

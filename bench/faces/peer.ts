// The peer, as a process of its own: reads its number of rounds, prints READY, then waits for a line on standard input and prints
// what one round over all photos took.
import { once } from 'node:events';
import { createRequire } from 'node:module';
import path from 'node:path';
import { decodeImage } from '@kilas/face-engine/pixels/decode-image.ts';
import * as tf from '@tensorflow/tfjs';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { detectAllFaces, nets, SsdMobilenetv1Options } from '@vladmandic/face-api/dist/face-api.node-wasm.js';
import { readSamples } from './samples.ts';

const require = createRequire(import.meta.url);
const rounds = Number(process.argv[2] ?? 3);

setWasmPaths(`${path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))}/`);
setThreadsCount(Number(process.argv[3] ?? 2));
await tf.setBackend('wasm');
await tf.ready();
const weights = path.join(path.dirname(require.resolve('@vladmandic/face-api/package.json')), 'model');
for (const net of [nets.ssdMobilenetv1, nets.faceLandmark68Net, nets.faceRecognitionNet])
  await net.loadFromDisk(weights);
const samples = await readSamples();
const faceCounts: number[] = [];
for (const file of samples) faceCounts.push(await countFaces(file));
const simd = await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT');
const threads = await tf.env().getAsync('WASM_HAS_MULTITHREAD_SUPPORT');
process.stdout.write(`READY ${JSON.stringify({ simd, threads, faceCounts })}\n`);
await once(process.stdin, 'data');
const startedAt = performance.now();
for (let round = 0; round < rounds; round++) for (const file of samples) await countFaces(file);
process.stdout.write(`DONE ${(performance.now() - startedAt) / rounds / samples.length}\n`);
process.exit(0);

async function countFaces(file: Buffer): Promise<number> {
  const { data, width, height } = await decodeImage(file);
  const tensor = tf.tensor3d(data, [height, width, 3], 'int32');
  const faces = await detectAllFaces(tensor, new SsdMobilenetv1Options()).withFaceLandmarks().withFaceDescriptors();
  tensor.dispose();
  return faces.length;
}

import { parentPort, workerData } from 'node:worker_threads';
import type { ImageAnalysis } from './analysis/analyse-image.ts';
import { analysePicture } from './analysis/analyse-image.ts';
import { detectFaces } from './detection/detect-faces.ts';
import type { Detection } from './detection/detection.ts';
import { checkLivenessModels } from './graphs/read-graph-model.ts';
import { cutLumas, type Size } from './imprints/cut-lumas.ts';
import type { InferenceFailure } from './inference-error.ts';
import { InferenceError } from './inference-error.ts';
import type { Eyes } from './liveness/crop-for-liveness.ts';
import type { Liveness } from './liveness/liveness-nets.ts';
import { closeLiveness, scoreLiveness } from './liveness/score-liveness.ts';
import type { GraphProgress } from './packs/ensure-graphs.ts';
import type { FacePack, Landmarks } from './packs/face-pack.ts';
import { openPack, type PackPlace } from './packs/open-pack.ts';
import { decodeImage } from './pixels/decode-image.ts';
import type { RgbImage } from './pixels/rgb-image.ts';

export type WorkerOptions = { pack: PackPlace; threads: number };
export type WorkerTask =
  | { kind: 'analyse'; file: Uint8Array }
  | { kind: 'detect'; image: RgbImage }
  | { kind: 'cut-lumas'; file: Uint8Array; seenIn: Size; faces: Landmarks[] }
  | { kind: 'score-liveness'; file: Uint8Array; eyes: Eyes };
export type WorkerRequest = { kind: 'task'; id: number; task: WorkerTask } | { kind: 'close' };
export type WorkerReply =
  | { kind: 'progress'; progress: GraphProgress }
  | { kind: 'ready' }
  | { kind: 'analysed'; id: number; analysis: ImageAnalysis }
  | { kind: 'detected'; id: number; detections: Detection[] }
  | { kind: 'cut'; id: number; lumas: Uint8Array[] }
  | { kind: 'scored'; id: number; liveness: Liveness }
  | { kind: 'refused'; id: number; reason: InferenceFailure; message: string }
  | { kind: 'failed'; id: number; error: Error };

const port = parentPort;
if (!port) throw new Error('face-worker runs as a worker thread');

const { pack: place, threads }: WorkerOptions = workerData;
const reply = (message: WorkerReply) => port.postMessage(message);
await checkLivenessModels();
const pack: FacePack = await openPack(place, threads, (progress) => reply({ kind: 'progress', progress }));

/** Two images at once: while the networks, which take all the threads given, look at one, the other is decoded and scaled. */
let [lastButOne, last] = [Promise.resolve(), Promise.resolve()];
port.on('message', (request: WorkerRequest) => {
  const before = request.kind === 'close' ? Promise.all([lastButOne, last]) : lastButOne;
  [lastButOne, last] = [last, before.then(() => handle(request))];
});
reply({ kind: 'ready' });

async function handle(request: WorkerRequest): Promise<void> {
  if (request.kind === 'task') return reply(await answer(pack, request.id, request.task));
  await pack.close();
  await closeLiveness();
  port?.close();
}

async function answer(pack: FacePack, id: number, task: WorkerTask): Promise<WorkerReply> {
  try {
    if (task.kind === 'analyse') {
      return { kind: 'analysed', id, analysis: await analysePicture(pack, await decodeImage(task.file)) };
    }
    if (task.kind === 'detect')
      return { kind: 'detected', id, detections: (await detectFaces(pack.detector, task.image)).faces };
    if (task.kind === 'cut-lumas')
      return { kind: 'cut', id, lumas: cutLumas(await decodeImage(task.file), task.seenIn, task.faces) };
    return { kind: 'scored', id, liveness: await scoreLiveness(task.file, task.eyes) };
  } catch (error) {
    if (error instanceof InferenceError) return { kind: 'refused', id, reason: error.reason, message: error.message };
    return { kind: 'failed', id, error: error instanceof Error ? error : new Error(String(error)) };
  }
}

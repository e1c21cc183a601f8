import { parentPort, workerData } from 'node:worker_threads';
import type { ImageAnalysis } from './analyse-image.ts';
import { analyseImage } from './analyse-image.ts';
import type { Detection } from './detect-faces.ts';
import { detectFaces } from './detect-faces.ts';
import type { GraphProgress } from './ensure-graphs.ts';
import type { FacePack } from './face-pack.ts';
import type { InferenceFailure } from './inference-error.ts';
import { InferenceError } from './inference-error.ts';
import type { Eyes } from './liveness/crop-for-liveness.ts';
import type { Liveness } from './liveness/liveness-nets.ts';
import { checkGraphModels } from './liveness/read-graph-model.ts';
import { closeLiveness, scoreLiveness } from './liveness/score-liveness.ts';
import { openPack, type PackPlace } from './packs/open-pack.ts';
import type { RgbImage } from './rgb-image.ts';

export type WorkerOptions = { pack: PackPlace; threads: number };
export type WorkerTask =
  | { kind: 'analyse'; file: Uint8Array }
  | { kind: 'detect'; image: RgbImage }
  | { kind: 'score-liveness'; file: Uint8Array; eyes: Eyes };
export type WorkerRequest = { kind: 'task'; id: number; task: WorkerTask } | { kind: 'close' };
export type WorkerReply =
  | { kind: 'progress'; progress: GraphProgress }
  | { kind: 'ready' }
  | { kind: 'analysed'; id: number; analysis: ImageAnalysis }
  | { kind: 'detected'; id: number; detections: Detection[] }
  | { kind: 'scored'; id: number; liveness: Liveness }
  | { kind: 'refused'; id: number; reason: InferenceFailure; message: string }
  | { kind: 'failed'; id: number; error: Error };

const port = parentPort;
if (!port) throw new Error('face-worker runs as a worker thread');

const { pack: place, threads }: WorkerOptions = workerData;
const reply = (message: WorkerReply) => port.postMessage(message);
await checkGraphModels();
const pack: FacePack = await openPack(place, threads, (progress) => reply({ kind: 'progress', progress }));

/** One image at a time: the networks use all the threads given, and only one decoded image is in memory. */
let last = Promise.resolve();
port.on('message', (request: WorkerRequest) => {
  last = last.then(async () => {
    if (request.kind === 'task') return reply(await answer(pack, request.id, request.task));
    await pack.close();
    await closeLiveness();
    port.close();
  });
});
reply({ kind: 'ready' });

async function answer(pack: FacePack, id: number, task: WorkerTask): Promise<WorkerReply> {
  try {
    if (task.kind === 'detect')
      return { kind: 'detected', id, detections: (await detectFaces(pack.detector, task.image)).faces };
    if (task.kind === 'score-liveness') {
      return { kind: 'scored', id, liveness: await scoreLiveness(task.file, task.eyes) };
    }
    return { kind: 'analysed', id, analysis: await analyseImage(pack, task.file) };
  } catch (error) {
    if (error instanceof InferenceError) return { kind: 'refused', id, reason: error.reason, message: error.message };
    return { kind: 'failed', id, error: error instanceof Error ? error : new Error(String(error)) };
  }
}

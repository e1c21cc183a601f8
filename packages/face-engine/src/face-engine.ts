import { Worker } from 'node:worker_threads';
import type { ImageAnalysis } from './analysis/analyse-image.ts';
import type { Detection } from './detection/detection.ts';
import type { WorkerOptions, WorkerReply, WorkerRequest, WorkerTask } from './face-worker.ts';
import { InferenceError } from './inference-error.ts';
import type { Eyes } from './liveness/crop-for-liveness.ts';
import type { Liveness } from './liveness/liveness-nets.ts';
import type { GraphProgress } from './packs/ensure-graphs.ts';
import type { PackPlace } from './packs/open-pack.ts';
import type { RgbImage } from './pixels/rgb-image.ts';

/** Images that may wait for the engine at once, the one in work included. */
export const enginePendingMax = 64;

type Answer = Exclude<WorkerReply, { kind: 'ready' | 'progress' }>;
type Pending = { resolve: (answer: Answer) => void; reject: (error: Error) => void };

/**
 * Opens a pack in a worker thread (a built-in one is written when it is missing), so that inference never stands on
 * the caller's event loop. `threads` is the number of cores one inference uses. Resolves when ready.
 */
export async function openFaceEngine(options: {
  pack: PackPlace;
  threads: number;
  onProgress?: (progress: GraphProgress) => void;
}): Promise<FaceEngine> {
  const workerData: WorkerOptions = { pack: options.pack, threads: options.threads };
  const worker = new Worker(new URL('./face-worker.ts', import.meta.url), { workerData });
  const engine = new FaceEngine(worker, options.pack.id, options.onProgress);
  await engine.opened;
  return engine;
}

/** A running engine, with two images in work at once. When enginePendingMax images wait, a further one throws InferenceError `engine_busy`. */
export class FaceEngine {
  /** Which networks made the embeddings; only embeddings of one pack can be compared. */
  readonly packId: string;
  /** Settles once: when the networks are loaded, or when they cannot be. */
  readonly opened: Promise<void>;
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  readonly #ended: Promise<void>;
  #nextId = 1;
  #closing = false;

  constructor(worker: Worker, packId: string, onProgress: ((progress: GraphProgress) => void) | undefined) {
    this.#worker = worker;
    this.packId = packId;
    this.opened = new Promise((resolve, reject) => {
      worker.on('message', (reply: WorkerReply) => {
        if (reply.kind === 'ready') resolve();
        else if (reply.kind === 'progress') onProgress?.(reply.progress);
        else this.#settle(reply);
      });
      worker.once('error', reject);
      worker.once('exit', (code) => reject(new Error(`the face engine ended with code ${code} at its start`)));
    });
    worker.on('error', (error: Error) => this.#end(error));
    this.#ended = new Promise((resolve) => {
      worker.once('exit', () => {
        this.#end(new InferenceError('engine_closed', 'the face engine has ended'));
        resolve();
      });
    });
  }

  get pendingCount(): number {
    return this.#pending.size;
  }

  /** Finds, aligns, embeds and measures the faces of an image file. Throws InferenceError for what is not an image. */
  async analyse(file: Uint8Array): Promise<ImageAnalysis> {
    const copy = new Uint8Array(file);
    const reply = await this.#ask({ kind: 'analyse', file: copy }, copy.buffer);
    if (reply.kind !== 'analysed') throw new Error(`the face engine answered ${reply.kind} to analyse`);
    return reply.analysis;
  }

  /** The grey pictures of faces that were seen in `analysis`, as another rendering of the same picture shows them. */
  async cutLumas(file: Uint8Array, { width, height, faces }: ImageAnalysis): Promise<Uint8Array[]> {
    const copy = new Uint8Array(file);
    const landmarks = faces.map((face) => face.landmarks);
    const task = { kind: 'cut-lumas', file: copy, seenIn: { width, height }, faces: landmarks } as const;
    const reply = await this.#ask(task, copy.buffer);
    if (reply.kind !== 'cut') throw new Error(`the face engine answered ${reply.kind} to cut-lumas`);
    return reply.lumas;
  }

  /** How alive a face of an image file looks; `eyes` in pixels of the upright image. The first call loads the nets. */
  async scoreLiveness(file: Uint8Array, eyes: Eyes): Promise<Liveness> {
    const copy = new Uint8Array(file);
    const reply = await this.#ask({ kind: 'score-liveness', file: copy, eyes }, copy.buffer);
    if (reply.kind !== 'scored') throw new Error(`the face engine answered ${reply.kind} to score-liveness`);
    return reply.liveness;
  }

  /** Finds the faces of decoded pixels, best score first; boxes in pixels, which may reach outside the image. */
  async detectFaces(image: RgbImage): Promise<Detection[]> {
    const { width, height } = image;
    if (image.data.length !== width * height * 3)
      throw new Error(`${image.data.length} bytes are not ${width}×${height} RGB`);
    const data = new Uint8Array(image.data);
    const reply = await this.#ask({ kind: 'detect', image: { data, width, height } }, data.buffer);
    if (reply.kind !== 'detected') throw new Error(`the face engine answered ${reply.kind} to detect`);
    return reply.detections;
  }

  /** Answers what is pending, then frees the networks and ends the thread. */
  async close(): Promise<void> {
    if (!this.#closing) this.#send({ kind: 'close' });
    this.#closing = true;
    await this.#ended;
  }

  #ask(task: WorkerTask, transfer: ArrayBuffer): Promise<Answer> {
    if (this.#closing) throw new InferenceError('engine_closed', 'the face engine is closed');
    if (this.#pending.size >= enginePendingMax) {
      throw new InferenceError('engine_busy', `${this.#pending.size} images are waiting`);
    }
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#send({ kind: 'task', id, task }, [transfer]);
    });
  }

  #send(request: WorkerRequest, transfer: ArrayBuffer[] = []): void {
    this.#worker.postMessage(request, transfer);
  }

  #settle(reply: Answer): void {
    const pending = this.#pending.get(reply.id);
    this.#pending.delete(reply.id);
    if (reply.kind === 'refused') pending?.reject(new InferenceError(reply.reason, reply.message));
    else if (reply.kind === 'failed') pending?.reject(reply.error);
    else pending?.resolve(reply);
  }

  #end(error: Error): void {
    this.#closing = true;
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }
}

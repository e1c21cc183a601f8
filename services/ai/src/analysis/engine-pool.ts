import { Code, ConnectError } from '@connectrpc/connect';
import type { Log } from '@kilas/platform/log.ts';
import type { ImageAnalysis } from '../inference/analyse-image.ts';
import { type FaceEngine, openFaceEngine } from '../inference/face-engine.ts';
import { InferenceError } from '../inference/inference-error.ts';
import type { Eyes } from '../inference/liveness/crop-for-liveness.ts';
import type { Liveness } from '../inference/liveness/liveness-nets.ts';

export interface EngineOptions {
  readonly count: number;
  readonly graphsFolder: string;
  readonly threads: number;
  readonly log: Log;
}

/** The face engines of this process, one a slot of the queue. An engine that failed is replaced when it is next needed. */
export class EnginePool {
  readonly #options: EngineOptions;
  readonly #engines = new Map<number, Promise<FaceEngine>>();
  readonly #openSlots = new Set<number>();
  #isOpening = false;
  #isClosed = false;

  constructor(options: EngineOptions) {
    this.#options = options;
  }

  /** Opens the engines in the background; whoever needs one waits for it. On the first start this builds the networks. */
  open(): void {
    if (this.#isOpening) return;
    this.#isOpening = true;
    this.#openAll()
      // Has been logged; the next one who needs the engine tries again.
      .catch(() => {})
      .finally(() => {
        this.#isOpening = false;
      });
  }

  /** Whether all engines are there; those that are not are opened. */
  isReady(): boolean {
    const isReady = this.#openSlots.size === this.#options.count;
    if (!isReady && !this.#isClosed) this.open();
    return isReady;
  }

  /** Which networks make the embeddings of this process; embeddings of two packs are never compared. */
  async packId(): Promise<string> {
    return (await this.#engineOf(0)).packId;
  }

  /** Throws InferenceError `image_unreadable` or `image_too_large` for what is not a fitting image. */
  async analyse(slot: number, file: Uint8Array): Promise<ImageAnalysis> {
    return this.#ask(slot, (engine) => engine.analyse(file));
  }

  /** How alive a face looks; throws as analyse. */
  async scoreLiveness(slot: number, file: Uint8Array, eyes: Eyes): Promise<Liveness> {
    return this.#ask(slot, (engine) => engine.scoreLiveness(file, eyes));
  }

  async #ask<Answer>(slot: number, question: (engine: FaceEngine) => Promise<Answer>): Promise<Answer> {
    const engine = await this.#engineOf(slot);
    try {
      return await question(engine);
    } catch (error) {
      if (error instanceof InferenceError && error.reason !== 'engine_closed') throw error;
      this.#engines.delete(slot);
      this.#openSlots.delete(slot);
      await engine.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const opening of this.#engines.values()) {
      const engine = await opening.catch(() => undefined);
      await engine?.close();
    }
  }

  /** One after another: the first one builds what the others then find. */
  async #openAll(): Promise<void> {
    for (let slot = 0; slot < this.#options.count && !this.#isClosed; slot++) await this.#engineOf(slot);
  }

  /** Throws Unavailable when it does not open. */
  async #engineOf(slot: number): Promise<FaceEngine> {
    const known = this.#engines.get(slot);
    if (known !== undefined) return known;
    if (this.#isClosed) throw new Error('the face engines are closed');
    const { graphsFolder, threads, log } = this.#options;
    const opening = openFaceEngine({
      graphsDir: graphsFolder,
      threads,
      onProgress: ({ graph, step }) => {
        if (step !== 'found') log.info({ graph, step }, 'building the face engine');
      },
    }).catch((error: unknown) => {
      log.error({ err: error }, 'the face engine does not open');
      throw new ConnectError('the face engine is not there', Code.Unavailable);
    });
    this.#engines.set(slot, opening);
    opening.then(
      () => this.#openSlots.add(slot),
      () => this.#engines.delete(slot),
    );
    return opening;
  }
}

import { Code, ConnectError } from '@connectrpc/connect';
import type { ImageAnalysis } from '@kilas/face-engine/analysis/analyse-image.ts';
import { type FaceEngine, openFaceEngine } from '@kilas/face-engine/face-engine.ts';
import { InferenceError } from '@kilas/face-engine/inference-error.ts';
import type { Eyes } from '@kilas/face-engine/liveness/crop-for-liveness.ts';
import type { Liveness } from '@kilas/face-engine/liveness/liveness-nets.ts';
import type { Log } from '@kilas/platform/process/log.ts';
import type { PacksInForce } from '../packs/packs-in-force.ts';

/** Images in work for each engine: while the networks look at one, the next is fetched and decoded. */
export const imagesPerEngine = 2;

export interface EngineOptions {
  readonly count: number;
  readonly packs: PacksInForce;
  readonly threads: number;
  readonly log: Log;
}

/**
 * The face engines of this process, `count` for each pack in force; further slots of the queue share them. An engine that failed
 * is replaced when it is next needed.
 */
export class EnginePool {
  readonly #options: EngineOptions;
  readonly #engines = new Map<string, Promise<FaceEngine>>();
  readonly #openKeys = new Set<string>();
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
    const isReady = this.#keys().every(({ key }) => this.#openKeys.has(key));
    if (!isReady && !this.#isClosed) this.open();
    return isReady;
  }

  /** Which pack makes the embeddings that count; embeddings of two packs are never compared. */
  get currentPackId(): string {
    return this.#options.packs.currentId;
  }

  /** Throws InferenceError `image_unreadable` or `image_too_large` for what is not a fitting image. */
  async analyse(slot: number, file: Uint8Array, packId: string): Promise<ImageAnalysis> {
    return this.#ask(slot, packId, (engine) => engine.analyse(file));
  }

  /** As FaceEngine's; throws as analyse. */
  async cutLumas(slot: number, file: Uint8Array, analysis: ImageAnalysis): Promise<Uint8Array[]> {
    return this.#ask(slot, this.currentPackId, (engine) => engine.cutLumas(file, analysis));
  }

  /** How alive a face looks; throws as analyse. */
  async scoreLiveness(slot: number, file: Uint8Array, eyes: Eyes): Promise<Liveness> {
    return this.#ask(slot, this.currentPackId, (engine) => engine.scoreLiveness(file, eyes));
  }

  async #ask<Answer>(slot: number, packId: string, question: (engine: FaceEngine) => Promise<Answer>): Promise<Answer> {
    const number = slot % this.#options.count;
    const key = keyOf(number, packId);
    const asked = this.#engineOf(number, packId);
    const opening = this.#engines.get(key);
    const engine = await asked;
    try {
      return await question(engine);
    } catch (error) {
      if (error instanceof InferenceError && error.reason !== 'engine_closed') throw error;
      // Another image that was in the same engine may have replaced it.
      if (this.#engines.get(key) === opening) {
        this.#engines.delete(key);
        this.#openKeys.delete(key);
      }
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
    for (const { slot, packId } of this.#keys()) {
      if (this.#isClosed) return;
      await this.#engineOf(slot, packId);
    }
  }

  #keys(): { slot: number; packId: string; key: string }[] {
    const slots = Array.from({ length: this.#options.count }, (_, slot) => slot);
    const packIds = this.#options.packs.ids();
    return slots.flatMap((slot) => packIds.map((packId) => ({ slot, packId, key: keyOf(slot, packId) })));
  }

  /** Throws Unavailable when it does not open. */
  async #engineOf(slot: number, packId: string): Promise<FaceEngine> {
    const key = keyOf(slot, packId);
    const known = this.#engines.get(key);
    if (known !== undefined) return known;
    if (this.#isClosed) throw new Error('the face engines are closed');
    const { packs, threads, log } = this.#options;
    const opening = openFaceEngine({
      pack: packs.placeOf(packId),
      threads,
      onProgress: ({ graph, step }) => {
        if (step !== 'found') log.info({ graph, step }, 'building the face engine');
      },
    }).catch((error: unknown) => {
      log.error({ err: error, packId }, 'the face engine does not open');
      throw new ConnectError('the face engine is not there', Code.Unavailable);
    });
    this.#engines.set(key, opening);
    opening.then(
      () => this.#openKeys.add(key),
      () => this.#engines.delete(key),
    );
    return opening;
  }
}

function keyOf(slot: number, packId: string): string {
  return `${slot}/${packId}`;
}

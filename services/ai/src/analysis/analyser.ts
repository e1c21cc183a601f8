import type { ImageAnalysis } from '../inference/analyse-image.ts';
import type { Eyes } from '../inference/liveness/crop-for-liveness.ts';
import type { Liveness } from '../inference/liveness/liveness-nets.ts';
import { countAnalysis } from '../metrics.ts';
import { AnalysisQueue, type Line } from './analysis-queue.ts';
import { type EngineOptions, EnginePool, IMAGES_PER_ENGINE } from './engine-pool.ts';

/** Turns an image file into its faces, as the pack sees them whose embeddings count, or another one in force. */
export type Analyse = (file: Uint8Array, packId?: string) => Promise<ImageAnalysis>;

type Turn = (packId: string, analysis: ImageAnalysis) => Promise<ImageAnalysis>;

/** How alive a face of an image file looks. */
export type ScoreLiveness = (file: Uint8Array, eyes: Eyes) => Promise<Liveness>;

/** The CPU of this service: so many images at once, the others in lines. */
export class Analyser {
  readonly #queue: AnalysisQueue;
  readonly engines: EnginePool;
  readonly #turn: Turn;

  /** `turn` is what every embedding goes through: none leaves the analyser as the networks made it. */
  constructor(options: EngineOptions & { waitingMax: number; turn: Turn }) {
    this.#turn = options.turn;
    const concurrency = options.count * IMAGES_PER_ENGINE;
    this.#queue = new AnalysisQueue({ concurrency, waitingMax: options.waitingMax });
    this.engines = new EnginePool(options);
  }

  /** Runs `work` when its turn comes; what it reads and draws counts to its turn, so that few images are in memory. */
  async run<Result>(
    line: Line,
    signal: AbortSignal,
    work: (analyse: Analyse, scoreLiveness: ScoreLiveness) => Promise<Result>,
  ): Promise<Result> {
    return this.#queue.run(line, signal, (slot) =>
      work(
        async (file, packId = this.engines.currentPackId) => {
          const analysis = await countAnalysis(line, () => this.engines.analyse(slot, file, packId));
          return this.#turn(packId, analysis);
        },
        (file, eyes) => this.engines.scoreLiveness(slot, file, eyes),
      ),
    );
  }

  countWaiting(line: Line): number {
    return this.#queue.countWaiting(line);
  }
}

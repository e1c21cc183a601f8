import type { ImageAnalysis } from '@kilas/face-engine/analysis/analyse-image.ts';
import type { Eyes } from '@kilas/face-engine/liveness/crop-for-liveness.ts';
import type { Liveness } from '@kilas/face-engine/liveness/liveness-nets.ts';
import type { RiskyWork } from '@kilas/platform/risky-work/risky-work.ts';
import { AnalysisQueue, gaveUp, type Line } from './analysis-queue.ts';
import { countAnalysis } from './count-analysis.ts';
import { type EngineOptions, EnginePool, imagesPerEngine } from './engine-pool.ts';
import { refusedRisk } from './refuse-image.ts';

/** Turns an image file into its faces, as the pack sees them whose embeddings count, or another one in force. */
export type Analyse = (file: Uint8Array, packId?: string) => Promise<ImageAnalysis>;

type Turn = (packId: string, analysis: ImageAnalysis) => Promise<ImageAnalysis>;

/** How alive a face of an image file looks. */
export type ScoreLiveness = (file: Uint8Array, eyes: Eyes) => Promise<Liveness>;

/** The faces of an analysis in another rendering of its picture, in grey. */
export type CutLumas = (file: Uint8Array, analysis: ImageAnalysis) => Promise<Uint8Array[]>;

/** What is looked at, for the case that the process dies of it: "photo/0197…". */
export type Thing = `${'photo' | 'facecam' | 'selfie'}/${string}`;

/** The CPU of this service: so many images at once, the others in lines. */
export class Analyser {
  readonly #queue: AnalysisQueue;
  readonly engines: EnginePool;
  readonly #turn: Turn;
  readonly #risky: Pick<RiskyWork, 'run'>;

  /** `turn` is what every embedding goes through: none leaves the analyser as the networks made it. */
  constructor(options: EngineOptions & { waitingMax: number; turn: Turn; risky: Pick<RiskyWork, 'run'> }) {
    this.#turn = options.turn;
    this.#risky = options.risky;
    const concurrency = options.count * imagesPerEngine;
    this.#queue = new AnalysisQueue({ concurrency, waitingMax: options.waitingMax });
    this.engines = new EnginePool(options);
  }

  /**
   * Runs `work` when the turn of whose picture it is comes; what it reads and draws counts to its turn, so that few images are in memory. Refuses with AI_BUSY, and
   * with IMAGE_QUARANTINED what processes died of.
   */
  async run<Result>(
    { line, whose, thing, signal }: { line: Line; whose: string; thing: Thing; signal: AbortSignal },
    work: (analyse: Analyse, scoreLiveness: ScoreLiveness, cutLumas: CutLumas) => Promise<Result>,
  ): Promise<Result> {
    let slot = 0;
    const inSlot = () =>
      work(
        async (file, packId = this.engines.currentPackId) => {
          const analysis = await countAnalysis(line, () => this.engines.analyse(slot, file, packId));
          return this.#turn(packId, analysis);
        },
        (file, eyes) => this.engines.scoreLiveness(slot, file, eyes),
        (file, analysis) => this.engines.cutLumas(slot, file, analysis),
      );
    return this.#risky
      .run(thing, signal, inSlot, (go) =>
        this.#queue.run({ line, whose }, signal, (free) => {
          slot = free;
          return go();
        }),
      )
      .catch((error: unknown) => {
        throw signal.aborted && error === signal.reason ? gaveUp() : refusedRisk(error);
      });
  }

  countWaiting(line: Line): number {
    return this.#queue.countWaiting(line);
  }
}

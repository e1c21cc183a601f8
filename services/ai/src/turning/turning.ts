import { createHmac } from 'node:crypto';
import type { ImageAnalysis } from '@kilas/face-engine/analysis/analyse-image.ts';
import { imprintLength } from '@kilas/face-engine/imprints/imprint.ts';
import { transact } from '@kilas/platform/db/transact.ts';
import type { Clock } from '@kilas/platform/process/clock.ts';
import type { Log } from '@kilas/platform/process/log.ts';
import type { Kysely, Transaction } from 'kysely';
import type { AiSchema } from '../db/schema.ts';
import type { Turn } from './turn-column-store.ts';
import { type Matrix, matrixBetween, turnMatrix, turnVector } from './turn-matrix.ts';
import { findMark, insertOrLockMark, listPacks, updateMark } from './turning-store.ts';

const refusal =
  'The stored faces were turned with another secret than FACES_SECRET, and nobody would be found. Start with the secret they were turned with; to exchange it, give the old one as FACES_SECRET_PREVIOUS once (docs/runbooks/rotate-secrets.md). Where it is lost, so are the faces.';

/** In the place of a pack's id, which has no colon. */
const imprints = 'kilas:imprints';

/** What replaces all stored vectors by the same ones turned; each answers how many. */
export interface StoredVectors {
  turnEmbeddings(tx: Transaction<AiSchema>, packId: string, turn: Turn): Promise<number>;
  turnImprints(tx: Transaction<AiSchema>, turn: Turn): Promise<number>;
}

export interface TurningOptions {
  readonly db: Kysely<AiSchema>;
  readonly stored: StoredVectors;
  readonly secret: string;
  /** The one before, whose vectors are to be turned anew. */
  readonly previous: string | undefined;
  readonly clock: Clock;
  readonly log: Pick<Log, 'info'>;
}

/**
 * Turns embeddings by a secret of this installation before they reach the database: distances stay, and the vectors of a table
 * that leaks match those of no other system as they are.
 */
export class Turning {
  readonly #options: TurningOptions;
  readonly #mark: string;
  readonly #matrices = new Map<string, Matrix>();

  constructor(options: TurningOptions) {
    this.#options = options;
    this.#mark = markOf(options.secret);
  }

  /**
   * Makes sure that the stored vectors were turned with this secret; throws when they were not. Turns vectors of the previous secret, and vectors
   * from before turning existed, all or none. No process may serve with the previous secret meanwhile.
   */
  async open(): Promise<void> {
    const { db, stored, previous, clock, log } = this.#options;
    const count = await transact(db, async (tx) => {
      const now = clock.now();
      const known = await insertOrLockMark(tx, this.#mark, now);
      if (known === this.#mark) return 0;
      if (known !== undefined && (previous === undefined || known !== markOf(previous))) throw new Error(refusal);
      await updateMark(tx, this.#mark, now);
      const between = (name: string, dimension: number) => {
        const to = this.#matrixOf(name, dimension);
        const isTurned = known !== undefined && previous !== undefined;
        return isTurned ? matrixBetween(turnMatrix(previous, name, dimension), to) : to;
      };
      let turned = 0;
      for (const { packId, dimension } of await listPacks(tx)) {
        const matrix = between(packId, dimension);
        turned += await stored.turnEmbeddings(tx, packId, (embedding) => turnVector(matrix, embedding));
      }
      const matrix = between(imprints, imprintLength);
      return turned + (await stored.turnImprints(tx, (imprint) => turnVector(matrix, imprint)));
    });
    if (count > 0) log.info({ vectors: count }, 'turned the stored vectors');
  }

  /** The analysis with its embeddings turned. Throws when the secret has been exchanged since this process started. */
  async turn<Analysis extends ImageAnalysis>(packId: string, analysis: Analysis): Promise<Analysis> {
    const mark = await findMark(this.#options.db);
    if (mark === undefined) await this.open();
    else if (mark !== this.#mark) throw new Error(refusal);
    const faces = analysis.faces.map((face) => ({
      ...face,
      embedding: this.turnVector(packId, face.embedding),
    }));
    return { ...analysis, faces };
  }

  /** One vector, turned. */
  turnVector(packId: string, vector: Float32Array): Float32Array {
    return turnVector(this.#matrixOf(packId, vector.length), vector);
  }

  /** An imprint, turned: under all packs alike, for it is none of theirs. */
  turnImprint(imprint: Float32Array): Float32Array {
    return this.turnVector(imprints, imprint);
  }

  #matrixOf(packId: string, dimension: number): Matrix {
    const key = `${packId} ${dimension}`;
    const known = this.#matrices.get(key) ?? turnMatrix(this.#options.secret, packId, dimension);
    this.#matrices.set(key, known);
    return known;
  }
}

/** Tells secrets apart without telling anything of them: they are long and random. */
function markOf(secret: string): string {
  return createHmac('sha256', secret)
    .update('kilas: what stored face vectors were turned with')
    .digest('hex')
    .slice(0, 32);
}

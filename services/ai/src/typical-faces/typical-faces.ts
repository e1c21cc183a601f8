import type { Clock } from '@kilas/platform/process/clock.ts';
import type { Kysely } from 'kysely';
import type { AiSchema } from '../db/schema.ts';
import type { TypicalFace } from '../distances/normalised-distance.ts';
import type { PacksInForce } from '../packs/packs-in-force.ts';
import type { Turning } from '../turning/turning.ts';
import { insertTypicalFace } from './typical-face-store.ts';

/** The typical faces that come with the packs in force, turned as the faces are that they are compared with. */
export class TypicalFaces {
  readonly #options: { db: Kysely<AiSchema>; packs: PacksInForce; turning: Turning; clock: Clock };
  readonly #stored = new Set<string>();

  constructor(options: { db: Kysely<AiSchema>; packs: PacksInForce; turning: Turning; clock: Clock }) {
    this.#options = options;
  }

  /** Undefined for a pack whose distances are not normalised. */
  startOf(packId: string): TypicalFace | undefined {
    const { packs, turning } = this.#options;
    const typical = packs.list().find(({ manifest }) => manifest.id === packId)?.manifest.typicalFace;
    if (typical === undefined) return undefined;
    const embedding = turning.turnVector(packId, Float32Array.from(typical.embedding));
    return { embedding, usualDistance: typical.usualDistance };
  }

  /** Before the first face of a pack is compared with another: stores what the pack comes with, unless the installation has its own. */
  async ensure(packId: string): Promise<void> {
    if (this.#stored.has(packId)) return;
    const typical = this.startOf(packId);
    if (typical !== undefined) await insertTypicalFace(this.#options.db, packId, typical, this.#options.clock.now());
    this.#stored.add(packId);
  }
}

import path from 'node:path';
import { DEFAULT_PACK_ID, findBuiltInPack } from '@kilas/face-engine/packs/built-in-packs.ts';
import type { PackManifest } from '@kilas/face-engine/packs/manifest.ts';
import { builtInPlace, type PackPlace } from '@kilas/face-engine/packs/open-pack.ts';
import { DamagedCalibration, readOwnCalibration } from '@kilas/face-engine/packs/own-calibration.ts';
import { PackError } from '@kilas/face-engine/packs/pack-error.ts';
import { readPack } from '@kilas/face-engine/packs/read-pack.ts';
import type { Db } from '@kilas/platform/db/database.ts';
import type { Clock } from '@kilas/platform/process/clock.ts';
import { ConfigError } from '@kilas/platform/process/env.ts';
import type { AiConfig } from '../config.ts';
import type { AiSchema } from '../db/schema.ts';
import { holdGate } from './hold-gate.ts';
import { findPackOfFaces } from './pack-store.ts';

export type PackConfig = Pick<
  AiConfig,
  | 'GRAPHS_FOLDER'
  | 'PACKS_FOLDER'
  | 'CALIBRATION_FOLDER'
  | 'FACE_PACK'
  | 'FACE_PACK_FORCE'
  | 'FACE_PACK_OLD'
  | 'FACE_PACK_OLD_UNTIL'
>;

export interface PackInForce {
  readonly place: PackPlace;
  readonly manifest: PackManifest;
}

/** The packs that this process was started with: one, and while it replaces another one, that one until its end date. */
export class PacksInForce {
  readonly #current: PackInForce;
  readonly #old: PackInForce | undefined;
  readonly #clock: Clock;
  /** The pack that is being replaced, also when its time is over. */
  readonly old: { readonly id: string; readonly until: Date } | undefined;
  /** What the card of the pack in force does not show, where the operator takes it all the same. */
  readonly forcedDespite: readonly string[];

  constructor(packs: {
    current: PackInForce;
    /** Absent once its time is over. */
    oldPack: PackInForce | undefined;
    old: { id: string; until: Date } | undefined;
    forcedDespite?: readonly string[];
    clock: Clock;
  }) {
    this.#current = packs.current;
    this.#old = packs.oldPack;
    this.#clock = packs.clock;
    this.old = packs.old;
    this.forcedDespite = packs.forcedDespite ?? [];
  }

  /** Whose embeddings are believed first. */
  get currentId(): string {
    return this.#current.manifest.id;
  }

  isOldOver(): boolean {
    return this.old !== undefined && this.#clock.now() >= this.old.until;
  }

  /** Under which new photos and facecams are embedded, the one believed first before the other. */
  list(): readonly PackInForce[] {
    return this.#old === undefined || this.isOldOver() ? [this.#current] : [this.#current, this.#old];
  }

  ids(): readonly string[] {
    return this.list().map(({ manifest }) => manifest.id);
  }

  /** Throws for a pack that this process was not started with. */
  placeOf(packId: string): PackPlace {
    const pack = [this.#current, this.#old].find((known) => known?.manifest.id === packId);
    if (pack === undefined) throw new Error(`the model pack ${packId} is not open here`);
    return pack.place;
  }
}

/**
 * Reads the packs that the configuration names, with all their files. If it names none, the pack in force is the one with which the installation's
 * faces were made, because any other would find none of them. The pack in force must pass the gate; one that is being replaced need not. Throws a
 * ConfigError that lists everything that does not fit.
 */
export async function readPacksInForce(
  config: PackConfig,
  { db, clock }: { readonly db: Db<AiSchema>; readonly clock: Clock },
): Promise<PacksInForce> {
  const { FACE_PACK, FACE_PACK_OLD, FACE_PACK_OLD_UNTIL } = config;
  const isChanging = FACE_PACK_OLD !== undefined && FACE_PACK_OLD_UNTIL !== undefined;
  const old = isChanging ? { id: FACE_PACK_OLD, until: FACE_PACK_OLD_UNTIL } : undefined;
  const asMade = await readPackAsMade(config, FACE_PACK ?? (await findPackOfFaces(db)) ?? DEFAULT_PACK_ID);
  const current = await withOwnCalibration(config, asMade);
  const { calibration } = current.manifest;
  const forcedDespite = await holdGate({ ...asMade, calibration }, config.FACE_PACK_FORCE);
  const isOver = old === undefined || clock.now() >= old.until;
  const oldPack = isOver ? undefined : await withOwnCalibration(config, await readPackAsMade(config, old.id));
  return new PacksInForce({ current, oldPack, old, forcedDespite, clock });
}

/** An installation's own calibration takes the place of the pack's. */
async function withOwnCalibration(config: PackConfig, { place, manifest }: PackInForce): Promise<PackInForce> {
  const folder = config.CALIBRATION_FOLDER;
  if (folder === undefined) return { place, manifest };
  const own = await readOwnCalibration(folder, manifest.id).catch((error: unknown) => {
    throw error instanceof DamagedCalibration ? new ConfigError([error.message]) : error;
  });
  return { place, manifest: { ...manifest, calibration: own ?? manifest.calibration } };
}

async function readPackAsMade(config: PackConfig, id: string): Promise<PackInForce> {
  const builtIn = findBuiltInPack(id);
  // It is written by the engine that needs it first: a file of it that is missing or damaged is built again.
  if (builtIn) return { place: builtInPlace(config.GRAPHS_FOLDER, id), manifest: builtIn.manifest };
  if (config.PACKS_FOLDER === undefined)
    throw new ConfigError([
      `PACKS_FOLDER: expected, since the faces were made with the model pack ${id}, which is not built in`,
    ]);
  const folder = path.join(config.PACKS_FOLDER, id);
  try {
    return { place: { id, folder, isBuiltIn: false }, manifest: (await readPack(folder, id)).manifest };
  } catch (error) {
    if (!(error instanceof PackError)) throw error;
    throw new ConfigError(error.problems.map((problem) => `model pack ${id}: ${problem}`));
  }
}

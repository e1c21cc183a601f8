import { availableParallelism } from 'node:os';
import { findBuiltInPack } from '@kilas/face-engine/packs/built-in-packs.ts';
import { packIdPattern } from '@kilas/face-engine/packs/manifest.ts';
import { defaultCutEnv } from '@kilas/matching/default-cut.ts';
import { type ObjectsEnv, objectsEnv } from '@kilas/platform/objects/objects-config.ts';
import { type Env, parseEnv } from '@kilas/platform/process/env.ts';
import { serviceEnv } from '@kilas/platform/service/service-config.ts';
import { type ErasureJournalEnv, erasureJournalEnv, erasureJournalStoreEnv } from '@kilas/storage/erasure-journal.ts';
import { z } from 'zod';

const packId = z.string().regex(packIdPattern, 'expected the id of a model pack');
/** Passed over in silence, an installation's choice of its pack would be lost. */
const renamedTo = (name: string) => z.undefined(`is called ${name} now`).optional();

export const aiEnv = serviceEnv
  .extend(erasureJournalEnv.shape)
  .extend(defaultCutEnv.shape)
  .extend({
    /** Where the built-in model packs lie; the one in force is written there when it is missing (34 MB, dlib's 52 MB). */
    GRAPHS_FOLDER: z.string(),
    /** Turns the vectors of faces before they are stored; the same for all replicas, and as long as the faces are kept. */
    FACES_SECRET: z.string().min(32),
    /** The one before: what it turned is turned anew at the start. */
    FACES_SECRET_PREVIOUS: z.string().min(32).optional(),
    /** Where model packs that an operator brings lie, one folder each, named by its id. */
    PACKS_FOLDER: z.string().optional(),
    /** The pack whose embeddings count; without it the one that the installation's faces were made with, else the default. */
    FACE_PACK: packId.optional(),
    /** A pack that may be in force without a card that vouches for it. It is named, so that the next one is looked at again. */
    FACE_PACK_FORCE: packId.optional(),
    /** The pack that it replaces, and until when photos and facecams are embedded under both: a time, `2026-12-31T00:00:00Z`. */
    FACE_PACK_OLD: packId.optional(),
    FACE_PACK_OLD_UNTIL: z.iso
      .datetime({ offset: true })
      .transform((time) => new Date(time))
      .optional(),
    AI_PACK: renamedTo('FACE_PACK'),
    AI_PACK_OLD: renamedTo('FACE_PACK_OLD'),
    AI_PACK_OLD_UNTIL: renamedTo('FACE_PACK_OLD_UNTIL'),
    /** Where an installation's own calibrations of packs lie, as `npm run faces -- calibrate` writes them: `<pack id>.json`. */
    CALIBRATION_FOLDER: z.string().optional(),
    /** Up to so many faces of a pack, a facecam is searched exactly; with more, ai makes an index, which proposes. */
    AI_EXACT_SEARCH_MAX: z.coerce.number().int().min(1).default(200_000),
    /** Memory of the database server that the build of an index may take, in MB; it asks for what the faces need, and for no more than this. */
    AI_INDEX_MEMORY_MB: z.coerce.number().int().min(64).max(1_000_000).default(1_024),
    /**
     * Engines, each of which takes some 300 MB of memory, 800 MB with photos of 100 megapixels, 1.1 GB with 160; by default one for each core, up to
     * four.
     */
    AI_CONCURRENCY: z.coerce.number().int().min(1).max(64).optional(),
    /** Cores that one engine uses; by default all of them, shared out among the engines. */
    AI_THREADS: z.coerce.number().int().min(1).max(256).optional(),
    /** How long faces of photos without an event are kept, from their upload; an event has a retention of its own. */
    FACES_KEPT_DAYS: z.coerce.number().int().min(1).max(3_650).default(60),
    /** Images that may wait, selfies and photos counted apart; further callers are refused with AI_BUSY. */
    AI_QUEUE_MAX: z.coerce.number().int().min(1).max(10_000).default(32),
    /** The lower of a selfie's two liveness scores, 0 to 1, below which it is refused; 0 refuses none. */
    SELFIE_LIVENESS_MIN: z.coerce.number().min(0).max(1).default(0),
  });

export type AiConfig = ObjectsEnv &
  ErasureJournalEnv &
  Omit<z.output<typeof aiEnv>, 'AI_CONCURRENCY' | 'AI_THREADS'> & {
    readonly AI_CONCURRENCY: number;
    readonly AI_THREADS: number;
  };

const enginesMaxByDefault = 4;

/** Two engines of one core each get more done than one of two: the networks are too small to share out well. */
export function shareCores(cores: number, engines = Math.min(cores, enginesMaxByDefault)) {
  return { engines, threads: Math.ceil(cores / engines) };
}

/** Throws one ConfigError that lists every problem. */
export function readConfig(env: Env): AiConfig {
  const ownEnv = aiEnv.superRefine((own, ctx) => {
    for (const [path, message] of packProblemsOf(own)) ctx.addIssue({ code: 'custom', path: [path], message });
  });
  const config = parseEnv(z.intersection(z.intersection(objectsEnv(env), erasureJournalStoreEnv(env)), ownEnv), env);
  const { engines, threads } = shareCores(availableParallelism(), config.AI_CONCURRENCY);
  return { ...config, AI_CONCURRENCY: engines, AI_THREADS: config.AI_THREADS ?? threads };
}

function packProblemsOf(own: z.output<typeof aiEnv>): [string, string][] {
  const { PACKS_FOLDER, FACE_PACK, FACE_PACK_OLD, FACE_PACK_OLD_UNTIL } = own;
  const problems: [string, string][] = [];
  if (FACE_PACK_OLD !== undefined && FACE_PACK_OLD_UNTIL === undefined)
    problems.push(['FACE_PACK_OLD_UNTIL', 'expected with FACE_PACK_OLD']);
  if (FACE_PACK_OLD === undefined && FACE_PACK_OLD_UNTIL !== undefined)
    problems.push(['FACE_PACK_OLD', 'expected with FACE_PACK_OLD_UNTIL']);
  if (FACE_PACK_OLD !== undefined && FACE_PACK === undefined)
    problems.push(['FACE_PACK', 'expected with FACE_PACK_OLD']);
  if (FACE_PACK_OLD !== undefined && FACE_PACK_OLD === FACE_PACK)
    problems.push(['FACE_PACK_OLD', 'is the pack in force']);
  const brought = [FACE_PACK, FACE_PACK_OLD].some((id) => id !== undefined && findBuiltInPack(id) === undefined);
  if (PACKS_FOLDER === undefined && brought)
    problems.push(['PACKS_FOLDER', 'expected with a pack that is not built in']);
  return problems;
}

import { availableParallelism } from 'node:os';
import { type Env, parseEnv } from '@kilas/platform/config.ts';
import { type JournalEnv, journalEnv, journalStoreEnv } from '@kilas/platform/journal-config.ts';
import { type ObjectsEnv, objectsEnv } from '@kilas/platform/objects-config.ts';
import { serviceEnv } from '@kilas/platform/service-config.ts';
import { z } from 'zod';

export const aiEnv = serviceEnv.extend(journalEnv.shape).extend({
  /** Where the networks lie as ONNX files; built there when they are missing (46 MB). */
  GRAPHS_FOLDER: z.string(),
  /** Turns the vectors of faces before they are stored; the same for all replicas, and as long as the faces are kept. */
  FACES_SECRET: z.string().min(32),
  /** The one before: what it turned is turned anew at the start. */
  FACES_SECRET_PREVIOUS: z.string().min(32).optional(),
  /** Images analysed at once; each takes an engine of its own, with some 300 MB of memory. */
  AI_CONCURRENCY: z.coerce.number().int().min(1).max(64).default(1),
  /** Cores that one analysis uses; by default all of them, shared out among those at once. */
  AI_THREADS: z.coerce.number().int().min(1).max(256).optional(),
  /** Images that may wait, selfies and photos counted apart; beyond it callers are refused with AI_BUSY. */
  AI_QUEUE_MAX: z.coerce.number().int().min(1).max(10_000).default(32),
  /** The lower of a selfie's two liveness scores, 0 to 1, below which it is refused; 0 refuses none. */
  SELFIE_LIVENESS_MIN: z.coerce.number().min(0).max(1).default(0),
});

export type AiConfig = ObjectsEnv &
  JournalEnv &
  Omit<z.output<typeof aiEnv>, 'AI_THREADS'> & { readonly AI_THREADS: number };

/** Throws one ConfigError that lists every problem. */
export function readConfig(env: Env): AiConfig {
  const config = parseEnv(z.intersection(z.intersection(objectsEnv(env), journalStoreEnv(env)), aiEnv), env);
  const share = Math.max(1, Math.floor(availableParallelism() / config.AI_CONCURRENCY));
  return { ...config, AI_THREADS: config.AI_THREADS ?? share };
}

import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type AiConfig, readConfig } from '@kilas/ai/config.ts';
import { type AiContext, openAiBase, openContext } from '@kilas/ai/context.ts';
import { listCalibrations } from '@kilas/ai/packs/pack-store.ts';
import { readPacksInForce } from '@kilas/ai/packs/packs-in-force.ts';
import { registerPacks } from '@kilas/ai/packs/register-packs.ts';
import { startPglite } from '@kilas/embedded/start-pglite.ts';
import type { Calibration } from '@kilas/face-engine/distances/calibration.ts';
import { environmentOf } from '@kilas/installation/environment-of.ts';
import { newInstallation } from '@kilas/installation/installation.ts';
import { systemClock } from '@kilas/platform/process/clock.ts';
import type { Env } from '@kilas/platform/process/env.ts';
import { openMemorySharedState } from '@kilas/platform/shared/memory-shared-state.ts';
import { RecordedPhoto } from './recorded-photo.ts';

/** The ai service without its edges, on a database and a folder of its own that are thrown away; what it tells photo is kept. */
export interface Trial {
  readonly ctx: AiContext;
  readonly photo: RecordedPhoto;
  /** Of the pack that looks at pictures. */
  readonly calibration: Calibration;
  close(): Promise<void>;
}

const migrations = new URL('./db/migrations/', import.meta.resolve('@kilas/ai/context.ts'));

export async function openTrial(): Promise<Trial> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'kilas-faces-'));
  const closes: (() => Promise<void>)[] = [() => rm(folder, { recursive: true, force: true })];
  const close = async () => {
    for (const end of closes.splice(0).reverse()) await end();
  };
  try {
    const database = await startPglite();
    closes.push(database.stop);
    const photo = new RecordedPhoto();
    const shared = openMemorySharedState();
    const config = readTrialConfig(folder, database.url);
    closes.push(() => shared.close());
    const base = openAiBase(config, { clock: systemClock, shared, peers: () => () => photo.transport });
    closes.push(() => base.close());
    await base.migrate(migrations);
    const packs = await readPacksInForce(config, base);
    const ctx = openContext(base, config, packs);
    closes.push(() => ctx.analyser.engines.close());
    await registerPacks(ctx);
    await ctx.objects.prepare();
    const calibrationOf = await listCalibrations(ctx.db);
    return { ctx, photo, calibration: calibrationOf(packs.currentId), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * As an installation's ai is configured; `AI_…`, `FACE_PACK…` and the folders of the environment hold here too. The pack needs no card: what
 * is tried is tried to know it, and shown to nobody.
 */
function readTrialConfig(dataFolder: string, databaseUrl: string): AiConfig {
  const databaseUrls = { user: '', photo: '', transaction: '', upload: '', ai: databaseUrl };
  const place = { dataFolder, publicUrl: 'http://localhost', databaseUrls, logLevel: 'silent' };
  const env = facesEnv();
  return readConfig({ ...environmentOf('ai', newInstallation(), place), ...env, FACE_PACK_FORCE: env.FACE_PACK });
}

/** Networks are built once for all commands of this machine; they are checked by their checksums before each use. */
export function facesEnv(env: NodeJS.ProcessEnv = process.env): Env {
  const own = Object.entries(env).filter(([name]) => /^(AI_|FACE_PACK|(GRAPHS|PACKS|CALIBRATION)_FOLDER$)/.test(name));
  return { GRAPHS_FOLDER: path.join(os.tmpdir(), 'kilas-graphs'), ...Object.fromEntries(own) };
}

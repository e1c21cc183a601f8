import { readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseEnv as parseEnvText } from 'node:util';
import { systemReason, UserError } from '@kilas/cli/user-error.ts';
import { objectsEnv } from '@kilas/platform/objects/objects-config.ts';
import { openObjects } from '@kilas/platform/objects/open-objects.ts';
import { systemClock } from '@kilas/platform/process/clock.ts';
import { ConfigError, type Env, parseEnv } from '@kilas/platform/process/env.ts';
import { openLog } from '@kilas/platform/process/log.ts';
import { buckets } from '@kilas/storage/buckets.ts';
import { erasureJournalEnv, erasureJournalStoreEnv, openErasureJournal } from '@kilas/storage/erasure-journal.ts';
import { z } from 'zod';
import { environmentOf } from '../environment-of.ts';
import { newInstallation } from '../installation.ts';
import type { Target } from './target.ts';

const postgres = z.url({ protocol: /^postgres(ql)?$/ });

/** As `npm run provision` writes them. The role that owns a service's tables comes first: a restore makes them. */
const databasesEnv = z.object({
  USER_DATABASE_URL: postgres,
  USER_DATABASE_OWNER_URL: postgres.optional(),
  PHOTO_DATABASE_URL: postgres,
  PHOTO_DATABASE_OWNER_URL: postgres.optional(),
  TRANSACTION_DATABASE_URL: postgres,
  TRANSACTION_DATABASE_OWNER_URL: postgres.optional(),
  AI_DATABASE_URL: postgres,
  AI_DATABASE_OWNER_URL: postgres.optional(),
  UPLOAD_DATABASE_URL: postgres,
  UPLOAD_DATABASE_OWNER_URL: postgres.optional(),
});

/** In place of a file: the variables of this process, as a container has them. */
export const ownEnv = '-';

/** The variables of files of `NAME=value` lines; of one that stands in several the last counts. */
export async function readEnvFiles(files: readonly string[]): Promise<Env> {
  const read: Env[] = [];
  for (const file of files) {
    if (file === ownEnv) {
      read.push(process.env);
      continue;
    }
    try {
      read.push(parseEnvText(await readFile(file, 'utf8')));
    } catch (error) {
      throw new UserError(`${file} cannot be read (${systemReason(error)}): --env takes files of NAME=value lines.`);
    }
  }
  return Object.assign({}, ...read);
}

/** An installation of many machines, by the variables of its services. Throws a UserError that lists every problem. */
export function openEnv(env: Env): Target {
  const config = readConfig(env);
  const databaseUrls = {
    user: config.USER_DATABASE_OWNER_URL ?? config.USER_DATABASE_URL,
    photo: config.PHOTO_DATABASE_OWNER_URL ?? config.PHOTO_DATABASE_URL,
    transaction: config.TRANSACTION_DATABASE_OWNER_URL ?? config.TRANSACTION_DATABASE_URL,
    ai: config.AI_DATABASE_OWNER_URL ?? config.AI_DATABASE_URL,
    upload: config.UPLOAD_DATABASE_OWNER_URL ?? config.UPLOAD_DATABASE_URL,
  };
  const publicUrl = 'http://localhost';
  // Keys of no installation: nothing that a command opens is reached by anybody.
  const installation = newInstallation();
  const place = {
    dataFolder: path.join(os.tmpdir(), 'kilas-operator'),
    publicUrl,
    databaseUrls,
    logLevel: 'error',
  };
  const shared = Object.fromEntries(Object.entries(env).filter(([name]) => /^(OBJECTS|S3|ERASURE)_/.test(name)));
  const log = openLog('operator', 'warn');
  return {
    databaseUrls,
    objects: openObjects(buckets, { ...config, PUBLIC_URL: publicUrl }, { log, clock: systemClock }),
    ...(config.OBJECTS_STORE === 'files' ? { objectsFolder: config.OBJECTS_FOLDER } : {}),
    journal: openErasureJournal(config),
    environment: (service) => ({ ...environmentOf(service, installation, place), ...shared }),
    close: async () => {},
  };
}

function readConfig(env: Env) {
  try {
    return parseEnv(
      z.intersection(
        z.intersection(objectsEnv(env), erasureJournalStoreEnv(env)),
        databasesEnv.extend(erasureJournalEnv.shape),
      ),
      env,
    );
  } catch (error) {
    throw error instanceof ConfigError ? new UserError(error.message) : error;
  }
}

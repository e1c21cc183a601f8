import { defaultCutEnv } from '@kilas/matching/default-cut.ts';
import type { Env } from '@kilas/platform/process/env.ts';

/** Their former names too, so that ai can refuse them by the new ones. */
const names = /^((FACE|AI)_PACK(_OLD|_OLD_UNTIL)?|FACE_PACK_FORCE|PACKS_FOLDER)$/;

/** What photo shows members by default, and ai erases with who withdraws. */
export function cutEnv(env: Env): Env {
  return Object.fromEntries(Object.entries(env).filter(([name]) => Object.hasOwn(defaultCutEnv.shape, name)));
}

/** What ai takes over from the environment in which an installation is started: which model packs are in force, and where they lie. */
export function packEnv(env: Env): Env {
  return Object.fromEntries(Object.entries(env).filter(([name]) => names.test(name)));
}

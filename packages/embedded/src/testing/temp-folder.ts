import { chmod, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A data folder that does not exist yet, in a folder that goes with the test. */
export async function newDataDir(): Promise<string> {
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'kilas-embedded-'));
  // As root the server runs under another account, which must be able to pass.
  await chmod(folder, 0o711);
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'data');
}

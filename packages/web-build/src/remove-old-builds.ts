import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';

/** Builds beside the current one that are kept, for processes that still serve one. */
const keptMax = 3;
/** No build takes so long: what is older was left by a process that died, in milliseconds. */
const unfinishedMaxMs = 60 * 60 * 1000;
/** How folders begin in which a build is being made. */
export const unfinishedPrefix = 'new-';

/** Removes the builds of a folder but the current one and the newest others, and what processes that died left half made. */
export async function removeOldBuilds(cache: string, current: string): Promise<void> {
  const entries = await readdir(cache, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory() && entry.name !== path.basename(current));
  const builds: { folder: string; madeAt: number }[] = [];
  for (const { name } of folders) {
    const folder = path.join(cache, name);
    const madeAt = (await stat(folder).catch(() => undefined))?.mtimeMs;
    // Another process removed it meanwhile.
    if (madeAt === undefined) continue;
    if (!name.startsWith(unfinishedPrefix)) builds.push({ folder, madeAt });
    else if (Date.now() - madeAt > unfinishedMaxMs) await rm(folder, { recursive: true, force: true });
  }
  const old = builds.sort((a, b) => b.madeAt - a.madeAt).slice(keptMax);
  for (const { folder } of old) await rm(folder, { recursive: true, force: true });
}

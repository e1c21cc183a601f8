import { createHash, randomUUID } from 'node:crypto';
import { copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { builtInPacks, findBuiltInPack, type GraphName, type GraphRecipe } from './built-in-packs.ts';
import { PackError } from './pack-error.ts';
import { hashFile, manifestFile } from './read-pack.ts';

export type GraphFiles = Record<GraphName, string>;
export type GraphProgress = { graph: GraphName; step: 'found' | 'copied' | 'building' | 'built' };

/**
 * Puts a built-in pack, four `.onnx` files (34 MB, dlib's 52 MB) and their manifest, under `<dir>/<pack id>` and answers the files' paths.
 * Every file is read against its committed checksum; a missing or damaged one is copied from another built-in pack that lies there,
 * or built, and renamed into place, so that processes which start together each see whole files. Throws PackError when a build
 * does not give the committed bytes, and for a pack that is not built in.
 */
export async function ensureGraphs(
  dir: string,
  packId: string,
  options: { onProgress?: (progress: GraphProgress) => void } = {},
): Promise<GraphFiles> {
  const pack = findBuiltInPack(packId);
  if (!pack) throw new PackError(packId, ['it is not built in']);
  const folder = path.join(dir, packId);
  await mkdir(folder, { recursive: true });
  const files: GraphFiles = { detector: '', 'detector-scan': '', landmarks: '', embedder: '' };
  for (const recipe of pack.recipes) {
    const { name, sha256 } = recipe;
    const report = (step: GraphProgress['step']) => options.onProgress?.({ graph: name, step });
    const file = path.join(folder, fileNameOf(recipe));
    files[name] = file;
    if ((await hashFile(file)) === sha256) {
      report('found');
      continue;
    }
    const copy = await findElsewhere(dir, recipe, packId);
    if (copy !== undefined) {
      await replaceFile(file, (temporary) => copyFile(copy, temporary));
      report('copied');
      continue;
    }
    report('building');
    const graph = await buildChecked(packId, recipe);
    await replaceFile(file, (temporary) => writeFile(temporary, graph));
    report('built');
  }
  const manifest = Buffer.from(`${JSON.stringify(pack.manifest, null, 2)}\n`);
  await ensureFile(path.join(folder, manifestFile), manifest);
  return files;
}

/** The same graph, whole, in the folder of another built-in pack. */
async function findElsewhere(dir: string, { name, sha256 }: GraphRecipe, packId: string): Promise<string | undefined> {
  for (const { manifest, recipes } of builtInPacks) {
    if (manifest.id === packId) continue;
    const same = recipes.find((recipe) => recipe.name === name && recipe.sha256 === sha256);
    if (same === undefined) continue;
    const file = path.join(dir, manifest.id, fileNameOf(same));
    if ((await hashFile(file)) === sha256) return file;
  }
  return undefined;
}

async function buildChecked(packId: string, recipe: GraphRecipe): Promise<Uint8Array> {
  const graph = await recipe.build();
  const built = hashBytes(graph);
  if (built === recipe.sha256) return graph;
  throw new PackError(packId, [
    `${fileNameOf(recipe)}: built from the package's weights its SHA-256 is ${built}, expected ${recipe.sha256}`,
  ]);
}

async function ensureFile(file: string, content: Uint8Array): Promise<void> {
  if ((await hashFile(file)) !== hashBytes(content))
    await replaceFile(file, (temporary) => writeFile(temporary, content));
}

async function replaceFile(file: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = `${file}.${randomUUID()}.tmp`;
  try {
    await write(temporary);
    await rename(temporary, file);
  } finally {
    await rm(temporary, { force: true });
  }
}

function fileNameOf({ name }: GraphRecipe): string {
  return `${name}.onnx`;
}

function hashBytes(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

import { createHash, randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { GraphName } from './graph-pack.ts';
import { BUILT_IN_MANIFEST, GRAPH_RECIPES, PACK_ID } from './graph-pack.ts';
import { PackError } from './packs/pack-error.ts';
import { hashFile, MANIFEST_FILE } from './packs/read-pack.ts';
import { readWeights } from './weights.ts';

export type GraphFiles = Record<GraphName, string>;
export type GraphProgress = { graph: GraphName; step: 'found' | 'building' | 'built' };

/**
 * Puts the built-in pack, four `.onnx` files (52 MB) and their manifest, under `<dir>/<pack id>` and answers the files' paths.
 * Every file is read against its committed checksum; a missing or damaged one is built again and renamed into place, so that
 * processes which start together each see whole files. Throws PackError when a build does not give the committed bytes.
 */
export async function ensureGraphs(
  dir: string,
  options: { onProgress?: (progress: GraphProgress) => void } = {},
): Promise<GraphFiles> {
  const folder = path.join(dir, PACK_ID);
  await mkdir(folder, { recursive: true });
  const files: GraphFiles = { detector: '', 'detector-scan': '', landmarks: '', embedder: '' };
  for (const { name, model, build, sha256 } of GRAPH_RECIPES) {
    const file = path.join(folder, `${name}.onnx`);
    files[name] = file;
    if ((await hashFile(file)) === sha256) {
      options.onProgress?.({ graph: name, step: 'found' });
      continue;
    }
    options.onProgress?.({ graph: name, step: 'building' });
    const graph = build(await readWeights(model));
    const built = hashBytes(graph);
    if (built !== sha256)
      throw new PackError(PACK_ID, [
        `${name}.onnx: built from the package's weights its SHA-256 is ${built}, expected ${sha256}`,
      ]);
    await replaceFile(file, graph);
    options.onProgress?.({ graph: name, step: 'built' });
  }
  await ensureManifest(path.join(folder, MANIFEST_FILE));
  return files;
}

async function ensureManifest(file: string): Promise<void> {
  const manifest = Buffer.from(`${JSON.stringify(BUILT_IN_MANIFEST, null, 2)}\n`);
  if ((await hashFile(file)) !== hashBytes(manifest)) await replaceFile(file, manifest);
}

async function replaceFile(file: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${file}.${randomUUID()}.tmp`;
  try {
    await writeFile(temporary, bytes);
    await rename(temporary, file);
  } finally {
    await rm(temporary, { force: true });
  }
}

function hashBytes(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

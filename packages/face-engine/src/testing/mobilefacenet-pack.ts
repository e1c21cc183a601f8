import { cp, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { buildMobilefacenetGraph, type ExportFaults } from '../graphs/build-mobilefacenet-graph.ts';
import { readGraphModel } from '../graphs/read-graph-model.ts';
import { DEFAULT_PACK_ID, MOBILEFACENET_MANIFEST } from '../packs/built-in-packs.ts';
import { ensureGraphs } from '../packs/ensure-graphs.ts';
import type { PackManifest } from '../packs/manifest.ts';
import { testGraphsDir } from './test-samples.ts';
import { sha256Of } from './tiny-pack.ts';

/**
 * Writes the pack of a new installation as an operator would bring it, under another id, with an embedder that keeps faults of the
 * package's file. Its checksums are right: nothing about the files says that the net is broken.
 */
export async function writeMobilefacenetPack(
  packsFolder: string,
  id: string,
  faults: ExportFaults,
): Promise<PackManifest> {
  const folder = path.join(packsFolder, id);
  await ensureGraphs(testGraphsDir, DEFAULT_PACK_ID);
  await mkdir(packsFolder, { recursive: true });
  await cp(path.join(testGraphsDir, DEFAULT_PACK_ID), folder, { recursive: true });
  const net = buildMobilefacenetGraph((await readGraphModel('mobilefacenet')).weights, faults);
  const { embedder } = MOBILEFACENET_MANIFEST;
  const manifest: PackManifest = { ...MOBILEFACENET_MANIFEST, id, embedder: { ...embedder, sha256: sha256Of(net) } };
  await writeFile(path.join(folder, embedder.file), net);
  await writeFile(path.join(folder, 'manifest.json'), JSON.stringify(manifest));
  return manifest;
}

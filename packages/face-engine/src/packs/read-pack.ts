import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { modelsOf, type PackManifest, parseManifest } from './manifest.ts';
import { PackError } from './pack-error.ts';
import { isMissing } from './read-json-file.ts';

export const manifestFile = 'manifest.json';
const manifestSizeMaxBytes = 1024 * 1024;

/** A pack whose files are whole: each was read against its checksum. */
export interface PackFolder {
  readonly folder: string;
  readonly manifest: PackManifest;
}

/**
 * Reads the pack that lies in a folder and every file of it. Throws one PackError that lists all problems: of the manifest,
 * or each file that is missing or differs, with the checksum expected and the one that it has.
 */
export async function readPack(folder: string, id: string): Promise<PackFolder> {
  const manifest = await readManifest(folder, id);
  const problems: string[] = [];
  for (const { file, sha256 } of modelsOf(manifest)) {
    const actual = await hashFile(path.join(folder, file));
    if (actual === undefined) problems.push(`${file}: is not there, expected SHA-256 ${sha256}`);
    else if (actual !== sha256) problems.push(`${file}: SHA-256 is ${actual}, expected ${sha256}`);
  }
  if (problems.length > 0) throw new PackError(id, problems);
  return { folder, manifest };
}

async function readManifest(folder: string, id: string): Promise<PackManifest> {
  const file = path.join(folder, manifestFile);
  const parsed = parseManifest(await readJson(file, id));
  if ('problems' in parsed) throw new PackError(id, parsed.problems);
  if (parsed.pack.id !== id) throw new PackError(id, [`id: ${file} says ${parsed.pack.id}`]);
  return parsed.pack;
}

async function readJson(file: string, id: string): Promise<unknown> {
  try {
    const { size } = await stat(file);
    if (size > manifestSizeMaxBytes) throw new Error(`${size} bytes are no manifest`);
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new PackError(id, [`${file}: ${error instanceof Error ? error.message : String(error)}`]);
  }
}

/** SHA-256 of a file in hexadecimal digits; undefined when there is no such file. */
export async function hashFile(file: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(file, { highWaterMark: 1024 * 1024 }), hash);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  return hash.digest('hex');
}

import path from 'node:path';
import { ArcfaceEmbedder } from './arcface-embedder.ts';
import { DlibEmbedder } from './dlib-embedder.ts';
import { ensureGraphs, type GraphProgress } from './ensure-graphs.ts';
import type { FaceDetector, FaceEmbedder, FacePack, LandmarkLocator } from './face-pack.ts';
import type { PackManifest } from './manifest.ts';
import { readPack } from './read-pack.ts';
import { SixtyEightPoints } from './sixty-eight-points.ts';
import { SsdDetector } from './ssd-detector.ts';
import { YunetDetector } from './yunet-detector.ts';

/** Where a pack lies. */
export interface PackPlace {
  readonly id: string;
  readonly folder: string;
  /** Written there when it is missing or damaged. */
  readonly isBuiltIn: boolean;
}

/** A built-in pack, where it lies when the graphs are kept in `graphsDir`. */
export function builtInPlace(graphsDir: string, id: string): PackPlace {
  return { id, folder: path.join(graphsDir, id), isBuiltIn: true };
}

/**
 * Opens a pack for use in this thread, a built-in one after writing it where it is missing; `threads` are the cores that one run
 * uses. Throws PackError for one whose files do not fit, and what a network does not give as its kind should.
 */
export async function openPack(
  place: PackPlace,
  threads: number,
  onProgress?: (progress: GraphProgress) => void,
): Promise<FacePack> {
  if (place.isBuiltIn)
    await ensureGraphs(path.dirname(place.folder), place.id, onProgress === undefined ? {} : { onProgress });
  const { folder, manifest } = await readPack(place.folder, place.id);
  const opened: { close(): Promise<void> }[] = [];
  const keep = <Part extends { close(): Promise<void> }>(part: Part): Part => {
    opened.push(part);
    return part;
  };
  const close = async () => {
    await Promise.all(opened.map((part) => part.close()));
  };
  try {
    const detector = keep(await openDetector(folder, manifest, threads));
    const landmarks = await openLandmarks(folder, manifest, threads);
    const embedder = keep(await openEmbedder(folder, manifest, threads));
    return { id: manifest.id, detector, ...(landmarks && { landmarks: keep(landmarks) }), embedder, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openDetector(folder: string, { detector }: PackManifest, threads: number): Promise<FaceDetector> {
  return detector.kind === 'yunet'
    ? YunetDetector.open(path.join(folder, detector.file), detector, threads)
    : SsdDetector.open(folder, detector, threads);
}

async function openLandmarks(
  folder: string,
  { landmarks }: PackManifest,
  threads: number,
): Promise<LandmarkLocator | undefined> {
  if (landmarks.kind === 'of-detector') return undefined;
  return SixtyEightPoints.open(path.join(folder, landmarks.file), threads);
}

async function openEmbedder(
  folder: string,
  { embedder, landmarks }: PackManifest,
  threads: number,
): Promise<FaceEmbedder> {
  const file = path.join(folder, embedder.file);
  return embedder.kind === 'arcface-112'
    ? ArcfaceEmbedder.open(file, embedder, landmarks.layout, threads)
    : DlibEmbedder.open(file, threads);
}

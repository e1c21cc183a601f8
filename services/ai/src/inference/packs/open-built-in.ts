import type { GraphFiles } from '../ensure-graphs.ts';
import type { FacePack } from '../face-pack.ts';
import { BUILT_IN_MANIFEST } from '../graph-pack.ts';
import { DlibEmbedder } from './dlib-embedder.ts';
import { SixtyEightPoints } from './sixty-eight-points.ts';
import { SsdDetector } from './ssd-detector.ts';

/** Opens the built-in pack from its graphs; `threads` are the cores that one run uses. */
export async function openBuiltIn(files: GraphFiles, threads: number): Promise<FacePack> {
  const { detector: manifest } = BUILT_IN_MANIFEST;
  if (manifest.kind !== 'ssd-mobilenet') throw new Error(`the built-in detector is no ${manifest.kind}`);
  const detector = await SsdDetector.open(files.detector, manifest, threads);
  const landmarks = await SixtyEightPoints.open(files.landmarks, threads);
  const embedder = await DlibEmbedder.open(files.embedder, threads);
  return {
    id: BUILT_IN_MANIFEST.id,
    detector,
    landmarks,
    embedder,
    close: async () => {
      await Promise.all([detector.close(), landmarks.close(), embedder.close()]);
    },
  };
}

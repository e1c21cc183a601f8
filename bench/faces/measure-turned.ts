import type { ImageAnalysis } from '@kilas/face-engine/analysis/analyse-image.ts';
import { l2Distance } from '@kilas/face-engine/distances/distance.ts';
import { openFaceEngine } from '@kilas/face-engine/face-engine.ts';
import { DEFAULT_PACK_ID } from '@kilas/face-engine/packs/built-in-packs.ts';
import { builtInPlace } from '@kilas/face-engine/packs/open-pack.ts';
import { pairTurned, turnPhoto } from '@kilas/face-engine/testing/turned-copies.ts';
import { median, round } from '../numbers.ts';
import { readSamples } from './samples.ts';

const TURNS_DEG = [90, 180, 270, 45] as const;
/** Longer than it is no demo photo. */
const LONG_EDGE_PX = 1920;
/** A turned face this near to itself upright is matched as if it were upright. */
const SAME_DISTANCE = 0.5;

/** Faces of the demo photos found in copies that lie on their side, head or corner, of those found upright. */
export async function measureTurned(graphsDir: string, threads: number, say: (line: string) => void) {
  const engine = await openFaceEngine({ pack: builtInPlace(graphsDir, DEFAULT_PACK_ID), threads });
  const samples = await readSamples();
  const recallByDeg: Record<string, number> = {};
  const distances: number[] = [];
  const passes: number[] = [];
  let [faceCount, foundCount, extraCount] = [0, 0, 0];
  try {
    const upright: ImageAnalysis[] = [];
    for (const file of samples) upright.push(await engine.analyse(file));
    for (const deg of TURNS_DEG) {
      let [all, found] = [0, 0];
      for (const [i, file] of samples.entries()) {
        const asItWas = upright[i];
        if (!asItWas) continue;
        const turned = await engine.analyse(await turnPhoto(file, deg, LONG_EDGE_PX));
        const { pairs, extra } = pairTurned(asItWas, turned, deg);
        distances.push(...pairs.map((pair) => l2Distance(pair.upright.embedding, pair.turned.embedding)));
        if (deg !== 45) passes.push(turned.passes);
        all += asItWas.faces.length;
        found += pairs.length;
        extraCount += extra;
      }
      recallByDeg[deg] = round(found / all);
      faceCount += all;
      foundCount += found;
      say(`turned by ${deg}°: ${found} of ${all} faces`);
    }
  } finally {
    await engine.close();
  }
  return {
    turnedRecall: round(foundCount / faceCount),
    turnedRecallByDeg: recallByDeg,
    turnedSame: round(distances.filter((distance) => distance < SAME_DISTANCE).length / faceCount),
    turnedDistance: round(median(distances)),
    turnedExtra: extraCount,
    turnedPasses: round(passes.reduce((sum, each) => sum + each, 0) / passes.length),
  };
}

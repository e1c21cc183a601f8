import { dlibCalibration, mobilefacenetCalibration } from '../distances/calibration.ts';
import { buildDetectorGraph, buildScanGraph, detectorInputPx } from '../graphs/build-detector-graph.ts';
import { buildEmbedderGraph, EMBEDDER_INPUT_PX, embeddingLength } from '../graphs/build-embedder-graph.ts';
import { buildLandmarkGraph } from '../graphs/build-landmark-graph.ts';
import {
  buildMobilefacenetGraph,
  mobilefacenetInputPx,
  mobilefacenetLength,
} from '../graphs/build-mobilefacenet-graph.ts';
import { readGraphModel } from '../graphs/read-graph-model.ts';
import { readWeights } from '../graphs/weights.ts';
import type { PackManifest } from './manifest.ts';
import { mobilefacenetTypicalFace } from './mobilefacenet-typical-face.ts';

export type GraphName = 'detector' | 'detector-scan' | 'landmarks' | 'embedder';

/** Embeddings carry the pack's id: distances between two packs mean nothing. Any change to what makes an embedding is a new pack. */
export const DLIB_PACK_ID = 'dlib-128-v1';
/** The pack of a new installation. */
export const DEFAULT_PACK_ID = 'mobilefacenet-192-v1';

/** How a graph is made from the weights of a package, and the checksum of the file that must come out. */
export interface GraphRecipe {
  readonly name: GraphName;
  readonly sha256: string;
  build(): Promise<Uint8Array>;
}

/** A pack as any other, and how its files are made. */
export interface BuiltInPack {
  readonly manifest: PackManifest;
  readonly recipes: readonly GraphRecipe[];
}

const DETECTOR: GraphRecipe = {
  name: 'detector',
  build: async () => buildDetectorGraph(await readWeights('ssd_mobilenetv1')),
  sha256: '08b22cf38b8dc4919f25de6295b7f1babaa1ddc16a82ead80b4276fe6600ef3c',
};
const SCAN: GraphRecipe = {
  name: 'detector-scan',
  build: async () => buildScanGraph(await readWeights('ssd_mobilenetv1')),
  sha256: 'fff9c49ace975c8949ed0c08bddbbbf5f289edccb09b8f489c199482782fbf02',
};
const LANDMARKS: GraphRecipe = {
  name: 'landmarks',
  build: async () => buildLandmarkGraph(await readWeights('face_landmark_68')),
  sha256: '6a8704612ff9e3b2726c8a4630e41a60f49f287f69b68e49fe104a1d035199be',
};
const MOBILEFACENET: GraphRecipe = {
  name: 'embedder',
  build: async () => buildMobilefacenetGraph((await readGraphModel('mobilefacenet')).weights),
  sha256: '204bc1a9206f84ce98c41efbdd9dd363295807104233c65866a4676a40b51783',
};
const DLIB: GraphRecipe = {
  name: 'embedder',
  build: async () => buildEmbedderGraph(await readWeights('face_recognition')),
  sha256: '6d440f801a39cb845eaaac02efaf8746a73582c68526beddee14b3d535b4ebd8',
};

const packageLicence = {
  name: 'MIT (the package)',
  url: 'https://www.npmjs.com/package/@vladmandic/face-api',
  data: 'trained by others than the package; on which pictures and under which terms is not stated there',
};

/** How both packs find faces and their landmarks. */
const finding: Pick<PackManifest, 'detector' | 'landmarks'> = {
  detector: {
    kind: 'ssd-mobilenet',
    ...fileOf(DETECTOR),
    input: 'rgb-bytes',
    inputPx: detectorInputPx,
    scoreMin: 0.7,
    hintMin: 0.05,
    certainMin: 0.85,
    faceMinPx: 32,
    scan: fileOf(SCAN),
    licence: packageLicence,
  },
  landmarks: {
    kind: '68-points',
    ...fileOf(LANDMARKS),
    layout: '68',
    input: 'rgb-bytes',
    licence: packageLicence,
  },
};

export const MOBILEFACENET_MANIFEST: PackManifest = {
  id: DEFAULT_PACK_ID,
  ...finding,
  embedder: {
    kind: 'arcface-112',
    ...fileOf(MOBILEFACENET),
    input: 'rgb-bytes',
    chipPx: mobilefacenetInputPx,
    alignment: 'arcface',
    dimension: mobilefacenetLength,
    licence: {
      name: 'Apache-2.0 (sirius-ai/MobileFaceNet_TF), package MIT',
      url: 'https://github.com/sirius-ai/MobileFaceNet_TF',
      data: 'which pictures these weights were trained on is not stated. The README of the net recommends a refined MS-Celeb-1M: pictures of people taken from the web without asking them, which its publisher has since withdrawn',
    },
  },
  calibration: mobilefacenetCalibration,
  typicalFace: mobilefacenetTypicalFace,
};

export const dlibManifest: PackManifest = {
  id: DLIB_PACK_ID,
  ...finding,
  embedder: {
    kind: 'dlib-150',
    ...fileOf(DLIB),
    input: 'rgb-bytes',
    chipPx: EMBEDDER_INPUT_PX,
    alignment: 'dlib',
    dimension: embeddingLength,
    licence: {
      name: 'public domain (dlib_face_recognition_resnet_model_v1)',
      url: 'https://github.com/davisking/dlib-models',
      data: 'some 3 million faces of 7,485 people from face scrub, VGG and pictures taken from the web, by its author',
    },
  },
  calibration: dlibCalibration,
};

export const builtInPacks: readonly BuiltInPack[] = [
  { manifest: MOBILEFACENET_MANIFEST, recipes: [DETECTOR, SCAN, LANDMARKS, MOBILEFACENET] },
  { manifest: dlibManifest, recipes: [DETECTOR, SCAN, LANDMARKS, DLIB] },
];

/** Undefined for a pack that an operator brings. */
export function findBuiltInPack(id: string): BuiltInPack | undefined {
  return builtInPacks.find(({ manifest }) => manifest.id === id);
}

function fileOf({ name, sha256 }: GraphRecipe): { file: string; sha256: string } {
  return { file: `${name}.onnx`, sha256 };
}

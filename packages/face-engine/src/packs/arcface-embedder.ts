import { Tensor } from 'onnxruntime-node';
import type { FaceEmbedder, Landmarks } from './face-pack.ts';
import type { PackManifest } from './manifest.ts';
import { mirrorChip } from './mirror-chip.ts';
import { floatsOf, type ModelSession, openModelSession } from './model-session.ts';
import { joinPixels, pixelTensor } from './pixel-tensor.ts';

type ArcfaceManifest = Extract<PackManifest['embedder'], { kind: 'arcface-112' }>;
type Anchors = NonNullable<ReturnType<FaceEmbedder['anchors']>>;

const CHIP_PX = 112;
/** Chips per run, mirror images counted: what a net makes of more chips leaves the processor's cache, and costs a quarter more. */
const chipsPerRunMax = 4;

/** Where ArcFace puts the five points on its chip. Source: Deng et al., ArcFace (2019), `arcface_dst` of their code. */
const anchorsOf5: Anchors = [
  { landmark: 0, x: 38.2946, y: 51.6963 },
  { landmark: 1, x: 73.5318, y: 51.5014 },
  { landmark: 2, x: 56.0252, y: 71.7366 },
  { landmark: 3, x: 41.5493, y: 92.3655 },
  { landmark: 4, x: 70.7299, y: 92.2041 },
];

/** Half an eye's width on that chip: the share of the distance of the eyes that it has in dlib's mean face. */
const halfEyePx = 7.16;

/** The same face by the 68 points: the corners of an eye lie level on both sides of its middle. */
const anchorsOf68: Anchors = [
  { landmark: 36, x: 38.2946 - halfEyePx, y: 51.6963 },
  { landmark: 39, x: 38.2946 + halfEyePx, y: 51.6963 },
  { landmark: 42, x: 73.5318 - halfEyePx, y: 51.5014 },
  { landmark: 45, x: 73.5318 + halfEyePx, y: 51.5014 },
  { landmark: 30, x: 56.0252, y: 71.7366 },
  { landmark: 48, x: 41.5493, y: 92.3655 },
  { landmark: 54, x: 70.7299, y: 92.2041 },
];

/**
 * An embedder of the kind of ArcFace and SFace: 112 px chips, embeddings compared by their angle. They are made one long, so
 * that their L2 distance says the same: d² = 2 − 2·cos.
 */
export class ArcfaceEmbedder implements FaceEmbedder {
  readonly chipPx = CHIP_PX;
  readonly dimension: number;
  readonly #session: ModelSession;
  readonly #manifest: ArcfaceManifest;
  readonly #layout: Landmarks['layout'];

  /** Throws when the network does not give embeddings of the length that the manifest says. */
  static async open(
    file: string,
    manifest: ArcfaceManifest,
    layout: Landmarks['layout'],
    threads: number,
  ): Promise<ArcfaceEmbedder> {
    const session = await openModelSession(file, threads);
    try {
      const embedder = new ArcfaceEmbedder(session, manifest, layout);
      await embedder.embed([Uint8Array.from({ length: CHIP_PX * CHIP_PX * 3 }, (_, i) => i % 251)]);
      return embedder;
    } catch (error) {
      await session.close();
      throw error;
    }
  }

  constructor(session: ModelSession, manifest: ArcfaceManifest, layout: Landmarks['layout']) {
    this.#session = session;
    this.#manifest = manifest;
    this.#layout = layout;
    this.dimension = manifest.dimension;
  }

  anchors(layout: Landmarks['layout']): Anchors | undefined {
    const { alignment } = this.#manifest;
    if (alignment === 'arcface') return layout === '5' ? anchorsOf5 : anchorsOf68;
    return layout === this.#layout ? alignment : undefined;
  }

  async embed(chips: readonly Uint8Array[]): Promise<Float32Array[]> {
    const inputs = chips.flatMap((chip) => [chip, mirrorChip(chip, CHIP_PX)]);
    const outputs: Float32Array[] = [];
    // Exported for one picture, as OpenCV's file is, it takes one at a time.
    const runSize = this.#session.inputShape[0] ?? chipsPerRunMax;
    for (let start = 0; start < inputs.length; start += runSize) {
      outputs.push(...(await this.#run(inputs.slice(start, start + runSize))));
    }
    return chips.map((_, i) => meanDirection(outputs[2 * i], outputs[2 * i + 1]));
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  async #run(chips: readonly Uint8Array[]): Promise<Float32Array[]> {
    const outputs = await this.#session.run(inputTensor(chips, this.#manifest.input));
    const [name, another] = outputs.keys();
    if (name === undefined || another !== undefined)
      throw new Error(`the embedder has ${outputs.size} outputs, expected 1`);
    const values = floatsOf(outputs, name, chips.length * this.dimension);
    return chips.map((_, i) => values.slice(i * this.dimension, (i + 1) * this.dimension));
  }
}

function inputTensor(chips: readonly Uint8Array[], input: ArcfaceManifest['input']): Tensor {
  if (input !== 'rgb-bytes') return pixelTensor(chips, { width: CHIP_PX, height: CHIP_PX }, input);
  const data = chips.map((chip) => ({ data: chip }));
  return new Tensor('uint8', joinPixels(data, CHIP_PX * CHIP_PX * 3), [chips.length, CHIP_PX, CHIP_PX, 3]);
}

function meanDirection(a: Float32Array = new Float32Array(), b: Float32Array = new Float32Array()): Float32Array {
  const [first, second] = [toUnit(a), toUnit(b)];
  return toUnit(first.map((value, i) => value + (second[i] ?? 0)));
}

/** A broken network gives no direction: an embedding of zeros would be as near to everyone. */
function toUnit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  if (!(length > 0 && Number.isFinite(length))) throw new Error('the embedder gives an embedding without a direction');
  return vector.map((value) => value / length);
}

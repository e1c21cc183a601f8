import path from 'node:path';
import { Tensor } from 'onnxruntime-node';
import type { RgbImage } from '../pixels/rgb-image.ts';
import type { DetectedFace, FaceDetector } from './face-pack.ts';
import type { PackManifest } from './manifest.ts';
import { floatsOf, type ModelSession, openModelSession } from './model-session.ts';
import { joinPixels } from './pixel-tensor.ts';
import { SsdAnchors } from './ssd-anchors.ts';

type SsdManifest = Extract<PackManifest['detector'], { kind: 'ssd-mobilenet' }>;

/** Both sides of a view are multiples of it, and none is longer than this. */
export const ssdView = { stridePx: 32, tilePxMax: 896 } as const;

/** The built-in detector, see build-detector-graph.ts. Views may have any size. */
export class SsdDetector implements FaceDetector {
  readonly viewPx: number;
  readonly stridePx = ssdView.stridePx;
  readonly tilePxMax = ssdView.tilePxMax;
  readonly faceMinPx: number;
  readonly scoreMin: number;
  readonly hintMin: number;
  readonly certainMin: number;
  readonly #exact: ModelSession;
  readonly #quick: ModelSession;

  static async open(folder: string, manifest: SsdManifest, threads: number): Promise<SsdDetector> {
    const exact = await openModelSession(path.join(folder, manifest.file), threads);
    if (!manifest.scan) return new SsdDetector(exact, exact, manifest);
    try {
      return new SsdDetector(exact, await openModelSession(path.join(folder, manifest.scan.file), threads), manifest);
    } catch (error) {
      await exact.close();
      throw error;
    }
  }

  /** `quick` may be the same as `exact`. */
  constructor(exact: ModelSession, quick: ModelSession, manifest: SsdManifest) {
    this.#exact = exact;
    this.#quick = quick;
    this.viewPx = manifest.inputPx;
    this.faceMinPx = manifest.faceMinPx;
    this.scoreMin = manifest.scoreMin;
    this.hintMin = manifest.hintMin ?? manifest.scoreMin;
    this.certainMin = manifest.certainMin ?? manifest.scoreMin;
  }

  detect(views: readonly RgbImage[]): Promise<DetectedFace[][]> {
    return this.#look(this.#exact, views);
  }

  scan(views: readonly RgbImage[]): Promise<DetectedFace[][]> {
    return this.#look(this.#quick, views);
  }

  async close(): Promise<void> {
    await this.#exact.close();
    if (this.#quick !== this.#exact) await this.#quick.close();
  }

  async #look(session: ModelSession, views: readonly RgbImage[]): Promise<DetectedFace[][]> {
    const [first] = views;
    if (first === undefined) return [];
    const { width, height } = first;
    const pixels = joinPixels(views, width * height * 3);
    const outputs = await session.run(new Tensor('uint8', pixels, [views.length, height, width, 3]));
    const anchors = new SsdAnchors(width, height);
    const scores = floatsOf(outputs, 'scores', views.length * anchors.count);
    const encodings = floatsOf(outputs, 'encodings', views.length * anchors.count * 4);
    const found: DetectedFace[][] = views.map(() => []);
    for (let i = 0; i < scores.length; i++) {
      const score = scores[i] ?? 0;
      if (score < this.hintMin) continue;
      const box = anchors.decode(i % anchors.count, encodings.subarray(i * 4, i * 4 + 4));
      found[Math.floor(i / anchors.count)]?.push({ box, score });
    }
    return found;
  }
}

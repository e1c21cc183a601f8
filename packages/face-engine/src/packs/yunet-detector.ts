import type { RgbImage } from '../pixels/rgb-image.ts';
import type { DetectedFace, FaceDetector } from './face-pack.ts';
import type { PackManifest } from './manifest.ts';
import { floatsOf, type ModelSession, openModelSession } from './model-session.ts';
import { pixelTensor } from './pixel-tensor.ts';

type YunetManifest = Extract<PackManifest['detector'], { kind: 'yunet' }>;

const stridesPx = [8, 16, 32] as const;
const largestStridePx = 32;
const pointCount = 5;
/** If more cells of a view are lit, the best are enough: no photo has more faces than this. */
const facesPerViewMax = 1000;

interface Cells {
  readonly classes: Float32Array;
  readonly objects: Float32Array;
  readonly boxes: Float32Array;
  readonly points: Float32Array;
}

/**
 * A detector of the kind of YuNet (2023mar): one anchor a cell at strides of 8, 16 and 32 px, outputs `cls_8` … `kps_32`, five
 * points a face. Source: Wu et al., "YuNet" (2023); decoding as OpenCV's FaceDetectorYN.
 */
export class YunetDetector implements FaceDetector {
  readonly viewPx: number;
  readonly stridePx: number;
  readonly faceMinPx: number;
  readonly tilePxMax: number;
  readonly scoreMin: number;
  readonly hintMin: number;
  readonly certainMin: number;
  readonly #manifest: YunetManifest;
  readonly #session: ModelSession;
  readonly #takesMany: boolean;

  /** Throws when the network does not give what a detector of this kind gives. */
  static async open(file: string, manifest: YunetManifest, threads: number): Promise<YunetDetector> {
    const session = await openModelSession(file, threads);
    const detector = new YunetDetector(session, manifest);
    try {
      const { inputPx } = manifest;
      const grey = new Uint8Array(inputPx * inputPx * 3).fill(128);
      await detector.detect([{ data: grey, width: inputPx, height: inputPx }]);
      return detector;
    } catch (error) {
      await session.close();
      throw error;
    }
  }

  private constructor(session: ModelSession, manifest: YunetManifest) {
    this.#session = session;
    this.#manifest = manifest;
    const [count, ...sides] = session.inputShape;
    this.viewPx = manifest.inputPx;
    // Exported for one size, as OpenCV's file is, it takes views of that size alone.
    const isOneSize = sides.filter((side) => side !== null).length > 1;
    this.stridePx = isOneSize ? manifest.inputPx : largestStridePx;
    this.tilePxMax = manifest.inputPx;
    this.faceMinPx = manifest.faceMinPx;
    this.scoreMin = manifest.scoreMin;
    this.hintMin = manifest.scoreMin;
    this.certainMin = manifest.scoreMin;
    this.#takesMany = count === null;
  }

  async detect(views: readonly RgbImage[]): Promise<DetectedFace[][]> {
    const [first] = views;
    if (first === undefined) return [];
    const { width, height } = first;
    if (views.some((view) => view.width !== width || view.height !== height)) throw new Error('views of two sizes');
    const faces: DetectedFace[][] = [];
    const batchSize = this.#takesMany ? views.length : 1;
    for (let start = 0; start < views.length; start += batchSize) {
      const batch = views.slice(start, start + batchSize);
      faces.push(...(await this.#detectAtOnce(batch, width, height)));
    }
    return faces;
  }

  scan(views: readonly RgbImage[]): Promise<DetectedFace[][]> {
    return this.detect(views);
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  async #detectAtOnce(views: readonly RgbImage[], width: number, height: number): Promise<DetectedFace[][]> {
    const images = views.map(({ data }) => data);
    const outputs = await this.#session.run(pixelTensor(images, { width, height }, this.#manifest.input));
    const found: DetectedFace[][] = views.map(() => []);
    for (const stridePx of stridesPx) {
      const [columns, rows] = [Math.floor(width / stridePx), Math.floor(height / stridePx)];
      const cellCount = columns * rows;
      const read = (name: string, size: number) =>
        floatsOf(outputs, `${name}_${stridePx}`, views.length * cellCount * size);
      const classes = read('cls', 1);
      const objects = read('obj', 1);
      const boxes = read('bbox', 4);
      const points = read('kps', pointCount * 2);
      for (const [i, faces] of found.entries()) {
        const part = (values: Float32Array, size: number) =>
          values.subarray(i * cellCount * size, (i + 1) * cellCount * size);
        const cells = {
          classes: part(classes, 1),
          objects: part(objects, 1),
          boxes: part(boxes, 4),
          points: part(points, pointCount * 2),
        };
        addFaces(faces, cells, { columns, stridePx, scoreMin: this.#manifest.scoreMin });
      }
    }
    return found.map((faces) => faces.toSorted((a, b) => b.score - a.score).slice(0, facesPerViewMax));
  }
}

function addFaces(
  faces: DetectedFace[],
  cells: Cells,
  { columns, stridePx, scoreMin }: { columns: number; stridePx: number; scoreMin: number },
): void {
  for (let cell = 0; cell < cells.classes.length; cell++) {
    const score = Math.sqrt(toShare(cells.classes[cell]) * toShare(cells.objects[cell]));
    if (!(score >= scoreMin)) continue;
    const column = cell % columns;
    const row = Math.floor(cell / columns);
    const [dx = 0, dy = 0, logWidth = 0, logHeight = 0] = cells.boxes.subarray(cell * 4, cell * 4 + 4);
    const width = Math.exp(logWidth) * stridePx;
    const height = Math.exp(logHeight) * stridePx;
    const x = (column + dx) * stridePx - width / 2;
    const y = (row + dy) * stridePx - height / 2;
    const points = Array.from({ length: pointCount }, (_, i) => {
      const at = (cell * pointCount + i) * 2;
      return { x: ((cells.points[at] ?? 0) + column) * stridePx, y: ((cells.points[at + 1] ?? 0) + row) * stridePx };
    });
    faces.push({ box: { x, y, width, height }, score, points: { layout: '5', points } });
  }
}

function toShare(value = 0): number {
  return Math.min(Math.max(value, 0), 1);
}

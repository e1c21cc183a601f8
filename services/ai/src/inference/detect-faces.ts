import { confirmFaces } from './confirm-faces.ts';
import type { DetectedFace, FaceDetector, Landmarks } from './face-pack.ts';
import { hasDetail } from './has-detail.ts';
import { mergeDetections } from './merge-detections.ts';
import { planFrame, planScales, planTiles, type View } from './plan-views.ts';
import { Pyramid } from './pyramid.ts';
import { cutView } from './render-view.ts';
import type { Box, RgbImage } from './rgb-image.ts';

/**
 * A face in pixels of the picture: `box` may reach beyond it where a face is cut by its edge; `score` is the detector's, 0..1;
 * `points` are the detector's own, if it gives any.
 */
export type Detection = { box: Box; score: number; points?: Landmarks };

/** `pixelCount`: of all views that the detector looked at. */
export type DetectionResult = { faces: Detection[]; pixelCount: number };

export const FACES_PER_IMAGE_MAX = 200;

/** Hints that are looked at closer, the best first: beyond that a picture is a pattern. */
const HINTS_MAX = 400;
/** A box this near to a view's inner edge is probably a cut face, which another view shows whole. */
const CUT_EDGE_PX = 4;
/** A finer scale speaks of faces up to this multiple of the smallest that the one before it shows: larger ones were seen whole. */
const LEFT_TO_COARSER = 2;
/** Of a face that is large enough to be seen, a score below this is no hint. */
const SEEN_HINT_MIN = 0.1;
/** In a picture with a face of this share of its long edge, a tile would show passers-by at most. */
const PORTRAIT_SHARE = 0.25;
/** A face of this share of the long edge is found best with much room around it. */
const FILLING_SHARE = 0.4;
/** Pictures up to this long edge came by a messenger: on finer scales only those are looked at in which small faces were found. */
const SMALL_PICTURE_PX = 2400;
/** Up to this multiple of the smallest face that a scale shows, a face speaks of others that only a finer one shows. */
const SMALL_FACE = 1.5;

/**
 * Finds the faces of a picture, best score first, at most FACES_PER_IMAGE_MAX. First looks at the whole frame, then, where that can
 * pay, at parts of the picture on finer scales, down to faces of FACE_WANTED_PX. What looks like a face, but not like one for
 * certain, is looked at once more, closer.
 */
export async function detectFaces(detector: FaceDetector, picture: RgbImage): Promise<DetectionResult> {
  const look = new Look(detector, picture);
  const frame = planFrame(picture, detector);
  await look.at([frame]);
  const largest = look.largestFaceShare();
  if (largest === 0 || largest > FILLING_SHARE) await look.at([planFrame(picture, detector, true)]);
  if (look.largestFaceShare() < PORTRAIT_SHARE) {
    let { scale: coarser } = frame;
    for (const scale of planScales(picture, detector)) {
      if (Math.max(picture.width, picture.height) <= SMALL_PICTURE_PX && !(await look.seesSmallFaces())) break;
      const facePxMax = (detector.faceMinPx * LEFT_TO_COARSER * scale) / coarser;
      look.leaveSmallHints();
      await look.at(planTiles(picture, scale, detector), facePxMax);
      coarser = scale;
    }
  }
  return look.result();
}

/** What was seen of a picture so far. */
class Look {
  readonly #detector: FaceDetector;
  readonly #pyramid: Pyramid;
  /** `viewPx`: how large it was shown. */
  #found: (Detection & { viewPx: number })[] = [];
  #pixelCount = 0;

  constructor(detector: FaceDetector, picture: RgbImage) {
    this.#detector = detector;
    this.#pyramid = new Pyramid(picture);
  }

  /** Views of one scale and size, one run after the other: together they would take the memory of all. */
  async at(views: readonly View[], facePxMax = Number.POSITIVE_INFINITY): Promise<void> {
    const [first] = views;
    if (first === undefined) return;
    const scaled = await this.#pyramid.scaled(first.scale);
    for (const view of views) {
      const pixels = cutView(scaled, view);
      if (!hasDetail(pixels)) continue;
      const [faces = []] = await this.#detector.scan([pixels]);
      this.#pixelCount += view.width * view.height;
      for (const face of faces) {
        const viewPx = Math.max(face.box.width, face.box.height);
        if (viewPx > facePxMax || isCutByView(face.box, view, scaled) || this.#isNothing(face.score, viewPx)) continue;
        this.#found.push({ ...toPicture(face, view), viewPx });
      }
    }
    this.#found = mergeDetections(this.#found).slice(0, HINTS_MAX);
  }

  #isNothing(score: number, viewPx: number): boolean {
    return viewPx >= this.#detector.faceMinPx && score < SEEN_HINT_MIN;
  }

  /** Of the largest certain face, as a share of the picture's long edge; 0 when there is none. */
  largestFaceShare(): number {
    const longEdge = Math.max(this.#pyramid.picture.width, this.#pyramid.picture.height);
    const certain = this.#found.filter(({ score }) => score >= this.#detector.certainMin);
    return Math.max(0, ...certain.map(({ box }) => Math.max(box.width, box.height) / longEdge));
  }

  /** Forgets hints of faces too small for what was looked at so far: a finer scale, which follows, tells better. */
  leaveSmallHints(): void {
    const { certainMin, faceMinPx } = this.#detector;
    this.#found = this.#found.filter(({ score, viewPx }) => score >= certainMin || viewPx >= faceMinPx);
  }

  async seesSmallFaces(): Promise<boolean> {
    await this.#confirm();
    return this.#found.some(({ viewPx }) => viewPx < this.#detector.faceMinPx * SMALL_FACE);
  }

  async result(): Promise<DetectionResult> {
    await this.#confirm();
    const faces = this.#found.slice(0, FACES_PER_IMAGE_MAX);
    return { faces: faces.map(({ viewPx: _, ...face }) => face), pixelCount: this.#pixelCount };
  }

  /** Looks closer at all hints: what is left are faces. */
  async #confirm(): Promise<void> {
    const isCertain = ({ score }: Detection) => score >= this.#detector.certainMin;
    const hints = this.#found.filter((detection) => !isCertain(detection));
    const { faces, pixelCount } = await confirmFaces(this.#detector, this.#pyramid, hints);
    this.#pixelCount += pixelCount;
    this.#found = mergeDetections([...this.#found.filter(isCertain), ...faces]);
  }
}

function toPicture({ box, score, points }: DetectedFace, { x, y, scale }: View): Detection {
  const detection = {
    box: { x: (box.x + x) / scale, y: (box.y + y) / scale, width: box.width / scale, height: box.height / scale },
    score,
  };
  if (!points) return detection;
  const moved = points.points.map((point) => ({ x: (point.x + x) / scale, y: (point.y + y) / scale }));
  return { ...detection, points: { layout: points.layout, points: moved } };
}

function isCutByView(box: Box, view: View, scaled: RgbImage): boolean {
  return (
    (view.x > 0 && box.x < CUT_EDGE_PX) ||
    (view.y > 0 && box.y < CUT_EDGE_PX) ||
    (view.x + view.width < scaled.width && box.x + box.width > view.width - CUT_EDGE_PX) ||
    (view.y + view.height < scaled.height && box.y + box.height > view.height - CUT_EDGE_PX)
  );
}

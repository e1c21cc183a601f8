import type { DetectedFace, FaceDetector } from '../packs/face-pack.ts';
import { Pyramid } from '../pixels/pyramid.ts';
import { cutView, type View } from '../pixels/render-view.ts';
import { type Box, overlapOf, type Point, type RgbImage } from '../pixels/rgb-image.ts';
import { allTurns, standUpright, type TurnDeg, turnedBox, turnPoint } from '../pixels/turn.ts';
import { lookCloser, type Seen, type Spot } from './closer-look.ts';
import { confirmFaces } from './confirm-faces.ts';
import type { Detection } from './detection.ts';
import { doubtPx, findTurns } from './find-turns.ts';
import { hasDetail } from './has-detail.ts';
import { mergeDetections } from './merge-detections.ts';

export const facesPerImageMax = 200;

/** Candidates that are looked at closer, the best first: a picture with more of them is a pattern. */
const hintsMax = 400;
/** A box this near to a view's inner edge is probably a cut face, which another view shows whole. */
const cutEdgePx = 4;
/** Of a face that is large enough to be seen, a score below this is no candidate. */
const seenScoreMin = 0.1;
/** Up to this multiple of the smallest face that a scale shows, a face speaks of others that only a finer one shows. */
const smallFace = 1.5;

/** Doubts that are looked at in all turns at once, the best first: they cost a third of a view each. */
const doubtsMax = 12;
/** Smaller ones, in pixels of the picture, are seen well in any turn by chance. */
const doubtMinPx = 48;
/** Overlap (intersection over union) from which two doubts are of one place. */
const askedOverlap = 0.3;

/** `viewPx`: how large it was shown. */
type Found = Detection & { viewPx: number };

/** What was seen of a picture so far. */
export class Look {
  /** In which turns the frame, and the tiles, were looked at. */
  readonly framesSeen = new Set<TurnDeg>();
  readonly tilesSeen = new Set<TurnDeg>();
  readonly #detector: FaceDetector;
  readonly #pyramid: Pyramid;
  #found: Found[] = [];
  /** Upright candidates that the closer look did not confirm: some are of faces that are turned. */
  #rejected: Found[] = [];
  /** Places that were looked at in all turns. */
  #asked: Box[] = [];
  #pixelCount = 0;

  constructor(detector: FaceDetector, picture: RgbImage) {
    this.#detector = detector;
    this.#pyramid = new Pyramid(picture);
  }

  get picture(): RgbImage {
    return this.#pyramid.picture;
  }

  get detector(): FaceDetector {
    return this.#detector;
  }

  /**
   * Views of one scale and size, of the picture stood upright by a turn, one run after the other: together they would take the memory
   * of all.
   */
  async at(views: readonly View[], turnDeg: TurnDeg = 0, facePxMax = Number.POSITIVE_INFINITY): Promise<void> {
    const [first] = views;
    if (first === undefined) return;
    const scaled = await standUpright(await this.#pyramid.scaled(first.scale), turnDeg);
    for (const view of views) {
      const pixels = cutView(scaled, view);
      if (!hasDetail(pixels)) continue;
      const [faces = []] = await this.#detector.scan([pixels]);
      this.#pixelCount += view.width * view.height;
      for (const face of faces) {
        const viewPx = Math.max(face.box.width, face.box.height);
        if (viewPx > facePxMax || isCutByView(face.box, view, scaled) || this.#isNothing(face.score, viewPx)) continue;
        this.#found.push({ ...this.#toPicture(face, view, turnDeg, scaled), viewPx });
      }
    }
    this.#found = mergeDetections(this.#found).slice(0, hintsMax);
  }

  #isNothing(score: number, viewPx: number): boolean {
    return viewPx >= this.#detector.faceMinPx && score < seenScoreMin;
  }

  /** Of the largest certain face, as a share of the picture's long edge; 0 when there is none. */
  largestFaceShare(): number {
    const longEdge = Math.max(this.#pyramid.picture.width, this.#pyramid.picture.height);
    const certain = this.#found.filter(({ score }) => score >= this.#detector.certainMin);
    return Math.max(0, ...certain.map(({ box }) => Math.max(box.width, box.height) / longEdge));
  }

  /** Forgets candidates of faces too small for what was looked at so far: a finer scale, which follows, tells better. */
  leaveSmallHints(): void {
    const { certainMin, faceMinPx } = this.#detector;
    this.#found = this.#found.filter(({ score, viewPx }) => score >= certainMin || viewPx >= faceMinPx);
  }

  async seesSmallFaces(): Promise<boolean> {
    await this.#confirm();
    return this.#found.some(({ viewPx }) => viewPx < this.#detector.faceMinPx * smallFace);
  }

  /** The upright candidates that were rejected since this was last asked, the best first. */
  async rejectedHints(): Promise<Detection[]> {
    await this.#confirm();
    const rejected = this.#rejected;
    this.#rejected = [];
    return mergeDetections(rejected);
  }

  /**
   * The upright faces of a picture with half as many turned ones or more: it may lie on its side, and of such a picture the detector is
   * sometimes certain of an upright face as well.
   */
  async uprightAmongTurned(): Promise<Detection[]> {
    await this.#confirm();
    const upright = this.#found.filter(({ turnDeg }) => turnDeg === 0);
    return 2 * (this.#found.length - upright.length) >= upright.length ? upright : [];
  }

  /**
   * Looks at doubtful faces in all turns; a face that is seen better turned takes the place of what was found there. Each place is asked
   * about once. Answers the turns of those found.
   */
  async turn(doubts: readonly Detection[]): Promise<TurnDeg[]> {
    const { hintMin, certainMin } = this.#detector;
    // To such a detector a closer look tells nothing.
    if (hintMin >= certainMin) return [];
    const asked = doubts
      .filter(({ box }) => Math.max(box.width, box.height) >= doubtMinPx)
      .filter(({ box }) => !this.#asked.some((before) => overlapOf(before, box) > askedOverlap))
      .slice(0, doubtsMax);
    this.#asked.push(...asked.map(({ box }) => box));
    const faces = await findTurns((spots) => this.#lookQuickly(spots), asked, certainMin);
    const turned = faces.flatMap((face, i): Found[] => {
      const doubt = asked[i];
      if (face === undefined || doubt === undefined) return [];
      const isReplaced = ({ turnDeg, box }: Found) => turnDeg === 0 && overlapOf(box, doubt.box) > askedOverlap;
      // A rejected candidate takes no place.
      if (doubt.score >= certainMin) this.#found = this.#found.filter((found) => !isReplaced(found));
      return [{ ...face, score: Math.max(face.score, certainMin), viewPx: doubtPx }];
    });
    this.#found = mergeDetections([...turned, ...this.#found]);
    return [...new Set(turned.map(({ turnDeg }) => turnDeg))];
  }

  async #lookQuickly(spots: readonly Spot[]): Promise<Seen[]> {
    const { seen, pixelCount } = await lookCloser((views) => this.#detector.scan(views), this.#pyramid, spots);
    this.#pixelCount += pixelCount;
    return seen;
  }

  /** The turn of most faces, when more are turned so than upright. */
  async turnOfMost(): Promise<TurnDeg | undefined> {
    await this.#confirm();
    const countOf = (turnDeg: TurnDeg) => this.#found.filter((face) => face.turnDeg === turnDeg).length;
    const [most] = allTurns.toSorted((a, b) => countOf(b) - countOf(a));
    return most === 0 ? undefined : most;
  }

  /** Best score first, at most facesPerImageMax. */
  async faces(): Promise<Detection[]> {
    await this.#confirm();
    return this.#found.slice(0, facesPerImageMax).map(({ viewPx: _, ...face }) => face);
  }

  /** Of all views that the detector looked at. */
  get pixelCount(): number {
    return this.#pixelCount;
  }

  /** Looks closer at all candidates: what is left are faces. */
  async #confirm(): Promise<void> {
    const isCertain = ({ score }: Detection) => score >= this.#detector.certainMin;
    const candidates = this.#found.filter((detection) => !isCertain(detection));
    const { faces, rejected, pixelCount } = await confirmFaces(this.#detector, this.#pyramid, candidates);
    this.#pixelCount += pixelCount;
    this.#rejected.push(...rejected.filter(({ turnDeg }) => turnDeg === 0));
    this.#found = mergeDetections([...this.#found.filter(isCertain), ...faces]);
  }

  #toPicture({ box, score, points }: DetectedFace, view: View, turnDeg: TurnDeg, scaled: RgbImage): Detection {
    const { scale } = view;
    const { picture } = this.#pyramid;
    const toPicture = ({ x, y }: Point): Point => {
      if (turnDeg === 0) return { x: (x + view.x) / scale, y: (y + view.y) / scale };
      const fromMiddle = { x: (x + view.x - scaled.width / 2) / scale, y: (y + view.y - scaled.height / 2) / scale };
      const turned = turnPoint(fromMiddle, turnDeg);
      return { x: picture.width / 2 + turned.x, y: picture.height / 2 + turned.y };
    };
    const size = { width: box.width / scale, height: box.height / scale };
    const middle = toPicture({ x: box.x + box.width / 2, y: box.y + box.height / 2 });
    const detection = { box: turnedBox(size, turnDeg, middle), score, turnDeg };
    return points
      ? { ...detection, points: { layout: points.layout, points: points.points.map(toPicture) } }
      : detection;
  }
}

function isCutByView(box: Box, view: View, scaled: RgbImage): boolean {
  return (
    (view.x > 0 && box.x < cutEdgePx) ||
    (view.y > 0 && box.y < cutEdgePx) ||
    (view.x + view.width < scaled.width && box.x + box.width > view.width - cutEdgePx) ||
    (view.y + view.height < scaled.height && box.y + box.height > view.height - cutEdgePx)
  );
}

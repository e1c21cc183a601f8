import { alignFace } from '../alignment/align-face.ts';
import { lookForFaces, lookTurned } from '../detection/detect-faces.ts';
import type { Detection } from '../detection/detection.ts';
import type { Look } from '../detection/look.ts';
import { lumaOf } from '../imprints/imprint.ts';
import type { FacePack, Landmarks, LocatedLandmarks } from '../packs/face-pack.ts';
import type { FacePatch } from '../pixels/face-patch.ts';
import { cutFacePatch, toImage, toPatch } from '../pixels/face-patch.ts';
import type { Box, RgbImage } from '../pixels/rgb-image.ts';
import { boxAround, clipBox, overlapOf } from '../pixels/rgb-image.ts';
import { isSureFace } from '../quality/is-sure.ts';
import type { FaceQuality } from '../quality/measure-quality.ts';
import { cutMeasuredChip, measuredChipPx, measureQuality } from '../quality/measure-quality.ts';
import { dropSeenTwice } from './drop-seen-twice.ts';

/**
 * `box` lies inside the image; `landmarks` are in pixels of the image and may lie outside; `embedding` has the pack's
 * dimension; `luma` is the aligned face in grey, lumaPx a side; `isSure` says whether the face may decide, see isSureFace; `isSteady`
 * whether its landmarks are more than a guess, see LocatedLandmarks.
 */
export type AnalysedFace = {
  box: Box;
  score: number;
  landmarks: Landmarks;
  embedding: Float32Array;
  luma: Uint8Array;
  quality: FaceQuality;
  isSure: boolean;
  isSteady: boolean;
};

/**
 * `width` and `height` are those of the upright image, to which all pixels refer. `passes`: what the detector looked at, in views
 * of its own size.
 */
export type ImageAnalysis = { width: number; height: number; passes: number; faces: AnalysedFace[] };

/** Faces in work together: a crowd then holds 13 MB of patches at most. */
const facesPerBatchMax = 16;

/** Finds, aligns, embeds and measures the faces of decoded pixels, best score first. */
export async function analysePicture(pack: FacePack, picture: RgbImage): Promise<ImageAnalysis> {
  const look = await lookForFaces(pack.detector, picture);
  const first = await describeFaces(pack, picture, await look.faces());
  const doubtful = await findDoubtful(look, first);
  const isOneTurned = doubtful.length > 0 && (await lookTurned(look, doubtful));
  const faces = isOneTurned ? keepLost(first, await describeFaces(pack, picture, await look.faces())) : first.faces;
  const passes = look.pixelCount / pack.detector.viewPx ** 2;
  return { width: picture.width, height: picture.height, passes, faces: dropSeenTwice(faces) };
}

/**
 * Smallest overlap (intersection over union) of a face's box with the box of its 68 landmarks. With less, the landmarks are of no face, or of a
 * face that is too small or too far in profile, and its embedding would match anyone. In portraits the overlap is 0.5 and more.
 */
const landmarksOverlapMin = 0.1;

/** Overlap (intersection over union) from which two faces lie in one place. */
const samePlaceOverlap = 0.1;

/**
 * With so few faces, each is looked at in all turns. The detector may take a selfie that stands on its head for certainly upright, and there is no
 * other face to show the mistake.
 */
const portraitFaces = 2;

async function findDoubtful(look: Look, { faces, doubtful }: Described): Promise<Detection[]> {
  return faces.length <= portraitFaces ? (await look.faces()).filter(({ turnDeg }) => turnDeg === 0) : doubtful;
}

/** Keeps a face that was found before, even if the looks in all turns find nothing in its place. */
function keepLost(before: Described, after: Described): AnalysedFace[] {
  const isLost = ({ box }: AnalysedFace) => after.faces.every((face) => overlapOf(face.box, box) < samePlaceOverlap);
  return [...after.faces, ...before.faces.filter(isLost)].toSorted((a, b) => b.score - a.score);
}

/** `doubtful`: those whose landmarks did not settle, or lie elsewhere, as when the face is turned otherwise than it was seen. */
interface Described {
  readonly faces: AnalysedFace[];
  readonly doubtful: Detection[];
}

async function describeFaces(pack: FacePack, picture: RgbImage, detections: readonly Detection[]): Promise<Described> {
  const [faces, doubtful]: [AnalysedFace[], Detection[]] = [[], []];
  for (let start = 0; start < detections.length; start += facesPerBatchMax) {
    const batch = await describeBatch(pack, picture, detections.slice(start, start + facesPerBatchMax));
    faces.push(...batch.faces);
    doubtful.push(...batch.doubtful);
  }
  return { faces, doubtful };
}

async function describeBatch(pack: FacePack, picture: RgbImage, detections: readonly Detection[]): Promise<Described> {
  const cut = await Promise.all(detections.map(({ box, turnDeg }) => cutFacePatch(picture, box, turnDeg)));
  const located = await locate(pack, detections, cut);
  const all = detections
    .map((detection, i) => ({ detection, patch: at(cut, i), ...at(located, i) }))
    .map((face) => ({ ...face, inImage: toImagePoints(face.patch, face.landmarks) }));
  const fitting = all.filter((face) => fits(face.detection.box, face.inImage) && !isGuess(pack, face));
  const chips = fitting.map(({ patch, landmarks }) => alignFace(pack.embedder, patch.pixels, landmarks));
  const embeddings = await pack.embedder.embed(chips);
  const faces = fitting.map(({ detection: { box, score }, patch, landmarks, inImage, isSteady }, i) => {
    // The quality is measured on dlib's chip, so that its parts mean the same under every pack.
    const chip = pack.embedder.chipPx === measuredChipPx ? at(chips, i) : cutMeasuredChip(patch.pixels, landmarks);
    const quality = measureQuality(inImage, chip, picture);
    const face = { box: clipBox(box, picture), landmarks: inImage, quality };
    return { ...face, score, embedding: at(embeddings, i), luma: lumaOf(chip), isSure: isSureFace(face), isSteady };
  });
  const isDoubtful = (face: (typeof all)[number]) =>
    face.detection.turnDeg === 0 && !(face.isSettled && fits(face.detection.box, face.inImage));
  return { faces, doubtful: all.filter(isDoubtful).map(({ detection }) => detection) };
}

/** In pixels of the patches. */
async function locate(
  pack: FacePack,
  detections: readonly Detection[],
  patches: readonly FacePatch[],
): Promise<LocatedLandmarks[]> {
  if (pack.landmarks) return pack.landmarks.locate(patches);
  return detections.map(({ points }, i) => {
    if (!points) throw new Error(`the detector of ${pack.id} gives no points, and it has no other landmarks`);
    const inPatch = points.points.map((point) => toPatch(at(patches, i), point));
    return { landmarks: { layout: points.layout, points: inPatch }, isSettled: true, isSteady: true };
  });
}

/** A turned face of which neither the detector nor the landmarks are certain: there were many turns to find one in. */
function isGuess({ detector }: FacePack, face: { detection: Detection; isSettled: boolean }): boolean {
  const { turnDeg, score } = face.detection;
  return turnDeg !== 0 && !face.isSettled && score <= detector.certainMin;
}

/** Five points, which the detector itself gives with the box, lie in it. */
function fits(box: Box, { layout, points }: Landmarks): boolean {
  return layout !== '68' || overlapOf(box, boxAround(points)) >= landmarksOverlapMin;
}

function toImagePoints(patch: FacePatch, landmarks: Landmarks): Landmarks {
  return { ...landmarks, points: landmarks.points.map((point) => toImage(patch, point)) };
}

function at<Item>(list: readonly Item[], index: number): Item {
  const item = list[index];
  if (item === undefined) throw new Error(`${list.length} answers, none for face ${index}`);
  return item;
}

import { alignFace } from './align-face.ts';
import type { Detection } from './detect-faces.ts';
import { detectFaces } from './detect-faces.ts';
import { dropSeenTwice } from './drop-seen-twice.ts';
import type { FacePack, Landmarks } from './face-pack.ts';
import type { FacePatch } from './face-patch.ts';
import { cutFacePatch, toImage, toPatch } from './face-patch.ts';
import { isSureFace } from './is-sure.ts';
import type { FaceQuality } from './measure-quality.ts';
import { cutMeasuredChip, MEASURED_CHIP_PX, measureQuality } from './measure-quality.ts';
import type { Box, RgbImage } from './rgb-image.ts';
import { boxAround, clipBox, overlapOf } from './rgb-image.ts';

/**
 * `box` lies inside the image; `landmarks` are in pixels of the image and may lie outside; `embedding` has the pack's
 * dimension; `isSure` says whether the face may decide, see isSureFace.
 */
export type AnalysedFace = {
  box: Box;
  score: number;
  landmarks: Landmarks;
  embedding: Float32Array;
  quality: FaceQuality;
  isSure: boolean;
};

/**
 * `width` and `height` are those of the upright image, to which all pixels refer. `passes`: what the detector looked at, in views
 * of its own size.
 */
export type ImageAnalysis = { width: number; height: number; passes: number; faces: AnalysedFace[] };

/** Faces in work together: a crowd then holds 13 MB of patches at most. */
const FACES_PER_BATCH_MAX = 16;

/** Finds, aligns, embeds and measures the faces of decoded pixels, best score first. */
export async function analysePicture(pack: FacePack, picture: RgbImage): Promise<ImageAnalysis> {
  const { faces: detections, pixelCount } = await detectFaces(pack.detector, picture);
  const faces: AnalysedFace[] = [];
  for (let start = 0; start < detections.length; start += FACES_PER_BATCH_MAX) {
    faces.push(...(await describeFaces(pack, picture, detections.slice(start, start + FACES_PER_BATCH_MAX))));
  }
  const passes = pixelCount / pack.detector.viewPx ** 2;
  return { width: picture.width, height: picture.height, passes, faces: dropSeenTwice(faces) };
}

/**
 * Overlap (intersection over union) of a face's box with that of its 68 landmarks below which they are of no face, or of one too small or
 * too far turned away: its embedding would be anyone's. In portraits it is 0.5 and more.
 */
const LANDMARKS_OVERLAP_MIN = 0.1;

async function describeFaces(
  pack: FacePack,
  picture: RgbImage,
  detections: readonly Detection[],
): Promise<AnalysedFace[]> {
  const cut = await Promise.all(detections.map(({ box }) => cutFacePatch(picture, box)));
  const located = await locate(pack, detections, cut);
  const faces = detections
    .map((detection, i) => ({ ...detection, patch: at(cut, i), inPatch: at(located, i) }))
    .map((face) => ({ ...face, inImage: toImagePoints(face.patch, face.inPatch) }))
    .filter(({ box, inImage }) => fits(box, inImage));
  const chips = faces.map(({ patch, inPatch }) => alignFace(pack.embedder, patch.pixels, inPatch));
  const embeddings = await pack.embedder.embed(chips);
  return faces.map(({ box: detected, score, patch, inPatch, inImage }, i) => {
    // The quality is measured on dlib's chip, so that its parts mean the same under every pack.
    const chip = pack.embedder.chipPx === MEASURED_CHIP_PX ? at(chips, i) : cutMeasuredChip(patch.pixels, inPatch);
    const quality = measureQuality(inImage, chip, picture);
    const face = { box: clipBox(detected, picture), landmarks: inImage, quality };
    return { ...face, score, embedding: at(embeddings, i), isSure: isSureFace(face) };
  });
}

/** In pixels of the patches. */
async function locate(
  pack: FacePack,
  detections: readonly Detection[],
  patches: readonly FacePatch[],
): Promise<Landmarks[]> {
  if (pack.landmarks) return pack.landmarks.locate(patches);
  return detections.map(({ points }, i) => {
    if (!points) throw new Error(`the detector of ${pack.id} gives no points, and it has no other landmarks`);
    return { layout: points.layout, points: points.points.map((point) => toPatch(at(patches, i), point)) };
  });
}

/** Five points, which the detector itself gives with the box, lie in it. */
function fits(box: Box, { layout, points }: Landmarks): boolean {
  return layout !== '68' || overlapOf(box, boxAround(points)) >= LANDMARKS_OVERLAP_MIN;
}

function toImagePoints(patch: FacePatch, landmarks: Landmarks): Landmarks {
  return { ...landmarks, points: landmarks.points.map((point) => toImage(patch, point)) };
}

function at<Item>(list: readonly Item[], index: number): Item {
  const item = list[index];
  if (item === undefined) throw new Error(`${list.length} answers, none for face ${index}`);
  return item;
}

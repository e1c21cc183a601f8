import { alignFace } from './align-face.ts';
import { decodeImage } from './decode-image.ts';
import { detectFaces } from './detect-faces.ts';
import { embedFaces } from './embed-faces.ts';
import type { FacePatch } from './face-patch.ts';
import { cutFacePatch, toImage } from './face-patch.ts';
import type { FaceSessions } from './face-sessions.ts';
import { locateLandmarks } from './locate-landmarks.ts';
import type { FaceQuality } from './measure-quality.ts';
import { measureQuality } from './measure-quality.ts';
import type { Box, Point } from './rgb-image.ts';
import { clipBox } from './rgb-image.ts';

/**
 * `box` lies inside the image; `landmarks` are 68 points (iBUG 300-W order) in pixels of the image and may lie outside;
 * `embedding` holds 128 floats.
 */
export type AnalysedFace = {
  box: Box;
  score: number;
  landmarks: Point[];
  embedding: Float32Array;
  quality: FaceQuality;
};

/** `width` and `height` are those of the upright image, to which all pixels refer. */
export type ImageAnalysis = { width: number; height: number; faces: AnalysedFace[] };

/** Faces in work together: a crowd then holds 13 MB of patches at most. */
const FACES_PER_BATCH_MAX = 16;

/** Decodes an image file and finds, aligns, embeds and measures its faces, best score first. Throws as decodeImage. */
export async function analyseImage(sessions: FaceSessions, file: Uint8Array): Promise<ImageAnalysis> {
  const image = await decodeImage(file);
  const detections = await detectFaces(sessions, image);
  const faces: AnalysedFace[] = [];
  for (let start = 0; start < detections.length; start += FACES_PER_BATCH_MAX) {
    const batch = detections.slice(start, start + FACES_PER_BATCH_MAX);
    const patches: FacePatch[] = [];
    for (const { box } of batch) patches.push(await cutFacePatch(image, box));
    const described = await describeFaces(sessions, patches);
    for (const [i, { box, score }] of batch.entries()) {
      const face = described[i];
      if (face) faces.push({ box: clipBox(box, image), score, ...face });
    }
  }
  return { width: image.width, height: image.height, faces };
}

async function describeFaces(
  sessions: FaceSessions,
  patches: readonly FacePatch[],
): Promise<Pick<AnalysedFace, 'landmarks' | 'embedding' | 'quality'>[]> {
  const points = await locateLandmarks(sessions, patches);
  const chips = patches.map(({ pixels }, i) => alignFace(pixels, points[i] ?? []));
  const embeddings = await embedFaces(sessions, chips);
  return patches.flatMap((patch, i) => {
    const [chip, embedding] = [chips[i], embeddings[i]];
    if (!chip || !embedding) return [];
    const landmarks = (points[i] ?? []).map((point) => toImage(patch, point));
    return [{ landmarks, embedding, quality: measureQuality(landmarks, chip) }];
  });
}

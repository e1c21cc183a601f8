import { DETECTOR_INPUT_PX } from './build-detector-graph.ts';
import type { FaceSessions } from './face-sessions.ts';
import { runOnPixels } from './face-sessions.ts';
import { mergeDetections } from './merge-detections.ts';
import { planViews } from './plan-views.ts';
import { renderRegion } from './render-region.ts';
import type { Box, Region, RgbImage } from './rgb-image.ts';

/** `box` may reach beyond the image where a face is cut by its edge; `score` is the detector's, 0..1. */
export type Detection = { box: Box; score: number };

export const DETECTION_SCORE_MIN = 0.5;
export const FACES_PER_IMAGE_MAX = 200;

/** A box this near to a tile's inner edge is probably a cut face, which another view shows whole. */
const CUT_EDGE_PX = 4;

/** Finds the faces of an image, best score first, at most FACES_PER_IMAGE_MAX. Boxes in pixels of the image. */
export async function detectFaces(sessions: FaceSessions, image: RgbImage): Promise<Detection[]> {
  const detections: Detection[] = [];
  for (const view of planViews(image.width, image.height)) {
    const pixels = await renderRegion(image, view, DETECTOR_INPUT_PX);
    const { boxes, scores } = await runOnPixels(sessions.detector, [pixels.data], DETECTOR_INPUT_PX);
    if (!boxes || !scores) throw new Error('the detector answers no boxes');
    for (const detection of readDetections(boxes, scores, view)) {
      if (!isCutByView(detection.box, view, image)) detections.push(detection);
    }
  }
  return mergeDetections(detections).slice(0, FACES_PER_IMAGE_MAX);
}

function readDetections(boxes: Float32Array, scores: Float32Array, view: Region): Detection[] {
  const detections: Detection[] = [];
  for (const [i, score] of scores.entries()) {
    if (score < DETECTION_SCORE_MIN) continue;
    const [top = 0, left = 0, bottom = 0, right = 0] = boxes.subarray(i * 4, i * 4 + 4);
    const box = {
      x: view.x + left * view.sizePx,
      y: view.y + top * view.sizePx,
      width: (right - left) * view.sizePx,
      height: (bottom - top) * view.sizePx,
    };
    detections.push({ box, score });
  }
  return detections;
}

function isCutByView(box: Box, view: Region, image: RgbImage): boolean {
  const slack = (CUT_EDGE_PX * view.sizePx) / DETECTOR_INPUT_PX;
  const right = view.x + view.sizePx;
  const bottom = view.y + view.sizePx;
  return (
    (view.x > 0 && box.x < view.x + slack) ||
    (view.y > 0 && box.y < view.y + slack) ||
    (right < image.width && box.x + box.width > right - slack) ||
    (bottom < image.height && box.y + box.height > bottom - slack)
  );
}

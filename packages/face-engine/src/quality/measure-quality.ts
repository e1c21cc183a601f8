import { fitChip } from '../alignment/align-face.ts';
import { type FivePoints, fivePointsOf } from '../alignment/five-points.ts';
import { dlibAnchors, dlibChipPx } from '../packs/dlib-chip.ts';
import type { Landmarks } from '../packs/face-pack.ts';
import type { Point, RgbImage } from '../pixels/rgb-image.ts';
import { fitSimilarity, meanPoint, type Similarity } from '../pixels/similarity-transform.ts';
import { warpImage } from '../pixels/warp-image.ts';
import { estimatePose, type Pose } from './estimate-pose.ts';

/**
 * How well a face can be recognised. `eyeDistancePx`: between the eyes' centres, in pixels of the image. `sharpness`: the share
 * of the face's contrast that lies in its finest detail, 0 (blurred) to about 0.04. `exposure`: mean luma, 0 black to 1 white.
 * `burntShare`: of the face that is plain white, 0..1. `insideShare`: of the face, forehead to chin, that lies inside the image,
 * 0..1. `quality`: all of it in one number, see rateQuality.
 */
export type FaceQuality = Pose & {
  eyeDistancePx: number;
  sharpness: number;
  exposure: number;
  burntShare: number;
  insideShare: number;
  quality: number;
};

export type QualityParts = Omit<FaceQuality, 'quality'>;

/** Points spread over a face, in eye distances from the middle between the eyes: two wide, and 2.7 high. */
const OVAL: readonly Point[] = Array.from({ length: 21 * 21 }, (_, i) => ({
  x: (i % 21) / 10 - 1,
  y: Math.floor(i / 21) / 10 - 1,
}))
  .filter(({ x, y }) => x * x + y * y <= 1)
  .map(({ x, y }) => ({ x, y: 0.5 + 1.35 * y }));

/** Luma, 0..255, from which a pixel holds no detail. */
const burntLuma = 250;

/** Side of the chip that light and sharpness are measured on, in pixels. */
export const measuredChipPx = dlibChipPx;
/** Where the eyes lie on it. */
const measuredEyes: readonly Point[] = [
  { x: 47.7, y: 47.1 },
  { x: 100.3, y: 47.1 },
];

/** The part of the chip that is skin, eyes and mouth in every face, whatever surrounds it. */
const faceStartPx = 30;
const faceEndPx = measuredChipPx - faceStartPx;

/** Landmarks in pixels of the image; `chip` is the face cut as dlib aligns it, 150 × 150 RGB. */
export function measureQuality(
  landmarks: Landmarks,
  chip: Uint8Array,
  image: { width: number; height: number },
): FaceQuality {
  const face = fivePointsOf(landmarks);
  const parts: QualityParts = {
    eyeDistancePx: Math.hypot(face.leftEye.x - face.rightEye.x, face.leftEye.y - face.rightEye.y),
    insideShare: measureInside(face, image),
    ...estimatePose(face),
    ...measureLight(chip),
  };
  return { ...parts, quality: rateQuality(parts) };
}

/**
 * Quality, 0..1: the product of what size, sharpness, light, pose and the picture's edge leave of a good face. Each factor is 1
 * where it was measured to do no harm and falls in a straight line to 0 (size and sharpness by their logarithm). Measured: half
 * the quality is lost where a portrait, made worse, has moved its own embedding by some 0.2.
 */
export function rateQuality(parts: QualityParts): number {
  const size = ramp(Math.log2(parts.eyeDistancePx), Math.log2(6), Math.log2(40));
  const sharp = ramp(Math.log2(parts.sharpness), Math.log2(0.0002), Math.log2(0.002));
  const light = ramp(parts.exposure, 0.02, 0.2) * ramp(parts.burntShare, 0.9, 0.02);
  const pose = ramp(Math.abs(parts.yawDeg), 75, 30) * ramp(Math.abs(parts.pitchDeg), 75, 30);
  const whole = ramp(parts.insideShare, 0.6, 0.97);
  return size * sharp * light * pose * whole;
}

/** 0 up to `from`, 1 from `to` on. */
function ramp(value: number, from: number, to: number): number {
  return Math.min(Math.max((value - from) / (to - from), 0), 1);
}

/**
 * The chip to measure, for an embedder that looks at another one. By the 68 points it is dlib's to the pixel: what was measured on
 * that one holds under every pack. Landmarks in pixels of the picture given.
 */
export function cutMeasuredChip(picture: RgbImage, landmarks: Landmarks): Uint8Array {
  return warpImage(picture, fitMeasured(landmarks), measuredChipPx);
}

function fitMeasured(landmarks: Landmarks): Similarity {
  if (landmarks.layout === '68') return fitChip({ anchors: () => dlibAnchors }, landmarks);
  const { rightEye, leftEye } = fivePointsOf(landmarks);
  return fitSimilarity(measuredEyes, [rightEye, leftEye]);
}

/** The share of an oval's points; the five points that all layouts have say nothing of the forehead and the chin. */
function measureInside(
  { rightEye, leftEye }: FivePoints,
  { width, height }: { width: number; height: number },
): number {
  const middle = meanPoint([rightEye, leftEye]);
  const across = { x: leftEye.x - rightEye.x, y: leftEye.y - rightEye.y };
  const inside = OVAL.filter((point) => {
    const x = middle.x + across.x * point.x - across.y * point.y;
    const y = middle.y + across.y * point.x + across.x * point.y;
    return x >= 0 && y >= 0 && x <= width && y <= height;
  });
  return inside.length / OVAL.length;
}

/** Sharpness is the variance of the Laplacian over the variance of the luma, and so indifferent to contrast. */
function measureLight(chip: Uint8Array): Pick<QualityParts, 'sharpness' | 'exposure' | 'burntShare'> {
  let [count, sum, squares, detail, burnt] = [0, 0, 0, 0, 0];
  for (let y = faceStartPx; y < faceEndPx; y++) {
    for (let x = faceStartPx; x < faceEndPx; x++) {
      const luma = lumaAt(chip, x, y);
      const around = lumaAt(chip, x - 1, y) + lumaAt(chip, x + 1, y) + lumaAt(chip, x, y - 1) + lumaAt(chip, x, y + 1);
      count += 1;
      sum += luma;
      squares += luma * luma;
      if (luma >= burntLuma) burnt += 1;
      detail += (around / 4 - luma) ** 2;
    }
  }
  const mean = sum / count;
  const variance = squares / count - mean * mean;
  const sharpness = variance > 0 ? detail / count / variance : 0;
  return { sharpness, exposure: mean / 255, burntShare: burnt / count };
}

/** ITU-R BT.601. */
function lumaAt(chip: Uint8Array, x: number, y: number): number {
  const at = (y * measuredChipPx + x) * 3;
  return 0.299 * (chip[at] ?? 0) + 0.587 * (chip[at + 1] ?? 0) + 0.114 * (chip[at + 2] ?? 0);
}

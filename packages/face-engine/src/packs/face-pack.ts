import type { FacePatch } from '../pixels/face-patch.ts';
import type { Box, Point, RgbImage } from '../pixels/rgb-image.ts';

/**
 * The models that find, align and embed faces together, opened for use in one thread. Embeddings of two packs are never
 * compared: each carries the pack's id.
 */
export interface FacePack {
  readonly id: string;
  readonly detector: FaceDetector;
  /** Absent when the detector's own five points are used. */
  readonly landmarks?: LandmarkLocator;
  readonly embedder: FaceEmbedder;
  close(): Promise<void>;
}

/** `box` in pixels of the view, and may reach outside it; `score` 0..1; `points` in pixels of the view. */
export interface DetectedFace {
  readonly box: Box;
  readonly score: number;
  readonly points?: Landmarks;
}

export interface FaceDetector {
  /** The longer side, in pixels, of the view of a whole frame. */
  readonly viewPx: number;
  /** Both sides of a view are multiples of it. */
  readonly stridePx: number;
  /** The longest side, in pixels, of a part of a large picture that is looked at in one run. */
  readonly tilePxMax: number;
  /** The smallest face, as the longer side of its box in pixels of a view, that becomes a candidate nine times in ten. */
  readonly faceMinPx: number;
  /** From this score on it is a face. */
  readonly scoreMin: number;
  /** From this score on a scan may have seen one, and a closer look pays. */
  readonly hintMin: number;
  /** From this score on a scan saw one, and needs no closer look. The same as `hintMin` where a closer look tells nothing. */
  readonly certainMin: number;
  /** Detections per view from `hintMin` on, overlapping ones included. All views have one size. */
  detect(views: readonly RgbImage[]): Promise<DetectedFace[][]>;
  /** The same, for a first look: faster and less exactly, where the detector can. */
  scan(views: readonly RgbImage[]): Promise<DetectedFace[][]>;
  close(): Promise<void>;
}

/** `68`: iBUG 300-W order. `5`: the subject's right eye, left eye, tip of the nose, right and left corner of the mouth. */
export interface Landmarks {
  readonly layout: '68' | '5';
  readonly points: readonly Point[];
}

/**
 * In pixels of a patch. Where they did not settle, the face may be turned otherwise than the patch says. Where they
 * are not steady, a further look finds them elsewhere: something hides the face, and they are a guess, as is the embedding.
 */
export interface LocatedLandmarks {
  readonly landmarks: Landmarks;
  readonly isSettled: boolean;
  readonly isSteady: boolean;
}

export interface LandmarkLocator {
  locate(patches: readonly FacePatch[]): Promise<LocatedLandmarks[]>;
  close(): Promise<void>;
}

export interface FaceEmbedder {
  /** Length of an embedding. */
  readonly dimension: number;
  /** Side of the square, upright RGB chip that it looks at. */
  readonly chipPx: number;
  /** Where which landmark of a layout comes to lie on the chip, in pixels; undefined for a layout that it cannot use. */
  anchors(layout: Landmarks['layout']): readonly { landmark: number; x: number; y: number }[] | undefined;
  /** One embedding a chip (mean of the chip's and its mirror image's), compared by L2 distance, normalised where the pack has a typical face. */
  embed(chips: readonly Uint8Array[]): Promise<Float32Array[]>;
  close(): Promise<void>;
}

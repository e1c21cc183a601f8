import type { Landmarks } from '../packs/face-pack.ts';
import type { FaceQuality } from '../quality/measure-quality.ts';

interface SeenFace {
  readonly landmarks: Landmarks;
  readonly quality: Pick<FaceQuality, 'eyeDistancePx'>;
}

/**
 * Mean distance of the landmarks of two faces, in eye distances of the larger one, up to which they are one face. In photos of groups the
 * landmarks of a face half hidden behind another settle on that one, 0.2 away; of two people side by side they are 0.7 apart and more.
 */
const sameLandmarksMax = 0.35;

/** Faces of one picture, best score first, without those whose landmarks lie on a better one: their embedding would be of that person. */
export function dropSeenTwice<Face extends SeenFace>(faces: readonly Face[]): Face[] {
  const kept: Face[] = [];
  for (const face of faces) if (!kept.some((better) => haveSameLandmarks(better, face))) kept.push(face);
  return kept;
}

function haveSameLandmarks(a: SeenFace, b: SeenFace): boolean {
  const eyeDistancePx = Math.max(a.quality.eyeDistancePx, b.quality.eyeDistancePx);
  const apart = a.landmarks.points.map(({ x, y }, i) => {
    const other = b.landmarks.points[i];
    return other === undefined ? Number.POSITIVE_INFINITY : Math.hypot(x - other.x, y - other.y);
  });
  return apart.reduce((sum, distance) => sum + distance, 0) <= sameLandmarksMax * eyeDistancePx * apart.length;
}

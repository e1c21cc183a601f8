import type { FaceEmbedder, Landmarks } from '../packs/face-pack.ts';
import type { RgbImage } from '../pixels/rgb-image.ts';
import type { Similarity } from '../pixels/similarity-transform.ts';
import { fitSimilarity } from '../pixels/similarity-transform.ts';
import { warpImage } from '../pixels/warp-image.ts';

/** The similarity from the embedder's chip to the picture in which the landmarks lie. Throws for a layout that it cannot use. */
export function fitChip(embedder: Pick<FaceEmbedder, 'anchors'>, { layout, points }: Landmarks): Similarity {
  const anchors = embedder.anchors(layout);
  if (!anchors) throw new Error(`the embedder cannot align a face by ${layout} points`);
  return fitSimilarity(
    anchors,
    anchors.map(({ landmark }) => points[landmark] ?? { x: 0, y: 0 }),
  );
}

/** Cuts the upright square RGB chip that the embedder looks at. */
export function alignFace(embedder: FaceEmbedder, picture: RgbImage, landmarks: Landmarks): Uint8Array {
  return warpImage(picture, fitChip(embedder, landmarks), embedder.chipPx);
}

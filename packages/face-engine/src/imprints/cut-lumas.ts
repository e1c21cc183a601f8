import type { Landmarks } from '../packs/face-pack.ts';
import type { RgbImage } from '../pixels/rgb-image.ts';
import { cutMeasuredChip } from '../quality/measure-quality.ts';
import { lumaOf } from './imprint.ts';

/** In pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The grey pictures of faces in another rendering of a picture, where they were seen in the first: landmarks are in pixels of `seenIn`. */
export function cutLumas(picture: RgbImage, seenIn: Size, faces: readonly Landmarks[]): Uint8Array[] {
  const [across, down] = [picture.width / seenIn.width, picture.height / seenIn.height];
  return faces.map(({ layout, points }) => {
    const here = { layout, points: points.map(({ x, y }) => ({ x: x * across, y: y * down })) };
    return lumaOf(cutMeasuredChip(picture, here));
  });
}

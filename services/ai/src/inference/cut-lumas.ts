import type { Landmarks } from './face-pack.ts';
import { lumaOf } from './imprint.ts';
import { cutMeasuredChip } from './measure-quality.ts';
import type { RgbImage } from './rgb-image.ts';

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

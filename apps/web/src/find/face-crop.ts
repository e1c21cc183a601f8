import type { Photo } from './photo.ts';

/** Parts of a photo's width and height. */
type Region = NonNullable<Photo['match']>['box'];

/** So much wider than the face is what is shown around it. */
const widerThanFace = 3.2;
/** Nothing narrower is shown: there would be too few pixels. */
const widthMin = 0.28;

/** The part of a photo around a face, in a frame of the given width by height. */
export function cropAround(face: Region, ratio: number, aspect: number): Region {
  const heightOf = (width: number) => (width * ratio) / aspect;
  const widthMax = Math.min(1, aspect / ratio);
  const wanted = Math.max(face.width * widerThanFace, (face.height * widerThanFace * aspect) / ratio, widthMin);
  const width = Math.min(wanted, widthMax);
  const height = heightOf(width);
  const start = (middle: number, size: number) => Math.min(Math.max(middle - size / 2, 0), 1 - size);
  return {
    left: start(face.left + face.width / 2, width),
    top: start(face.top + face.height / 2, height),
    width,
    height,
  };
}

/** Where a face stands within a part of the photo, as parts of that. */
export function within(face: Region, region: Region): Region {
  return {
    left: (face.left - region.left) / region.width,
    top: (face.top - region.top) / region.height,
    width: face.width / region.width,
    height: face.height / region.height,
  };
}

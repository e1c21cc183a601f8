import sharp from 'sharp';

/** Outside these bounds of the mean luma of a picture, 0..1, bad light is why no face is found in it; sharp portraits have 0.2 to 0.7. */
export const darkPictureLumaMax = 0.15;
export const brightPictureLumaMin = 0.85;

/** What a person can do about a picture in which no face was found. `file` is an image that can be decoded. */
export async function explainNoFace(file: Uint8Array): Promise<'no_face' | 'too_dark' | 'too_bright'> {
  const { channels } = await sharp(file).flatten().toColourspace('b-w').stats();
  const luma = (channels[0]?.mean ?? 0) / 255;
  if (luma < darkPictureLumaMax) return 'too_dark';
  return luma > brightPictureLumaMin ? 'too_bright' : 'no_face';
}

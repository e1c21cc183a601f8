import sharp from 'sharp';
import { IMAGE_PIXELS_MAX } from './decode-image.ts';
import { FACES_PER_IMAGE_MAX } from './detect-faces.ts';
import type { Box } from './rgb-image.ts';

export const DRAWN_LONG_EDGE_MAX_PX = 1280;

const LINE_TO_LONG_EDGE = 1 / 320;
const LINE_COLOUR = '#2dd4bf';
const JPEG_QUALITY = 80;

/**
 * A JPEG of the image with a rectangle around each face, upright, at most 1280 px long, metadata stripped. Boxes in pixels
 * of the upright image, as analyse gives them; beyond FACES_PER_IMAGE_MAX they are left out.
 */
export async function drawFaceBoxes(file: Uint8Array, boxes: readonly Box[]): Promise<Buffer> {
  const { autoOrient } = await sharp(file, { limitInputPixels: IMAGE_PIXELS_MAX }).metadata();
  const { data, info } = await sharp(file, { limitInputPixels: IMAGE_PIXELS_MAX })
    .autoOrient()
    .flatten({ background: 'white' })
    .toColourspace('srgb')
    .resize({
      width: DRAWN_LONG_EDGE_MAX_PX,
      height: DRAWN_LONG_EDGE_MAX_PX,
      fit: 'inside',
      withoutEnlargement: true,
    })
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const line = Math.max(Math.max(width, height) * LINE_TO_LONG_EDGE, 1);
  const rectangles = boxes.slice(0, FACES_PER_IMAGE_MAX).map((box) => {
    const [x, y] = [(box.x * width) / autoOrient.width, (box.y * height) / autoOrient.height];
    const [w, h] = [(box.width * width) / autoOrient.width, (box.height * height) / autoOrient.height];
    return `<rect x="${x}" y="${y}" width="${w}" height="${h}" rx="${line * 2}"/>`;
  });
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">` +
    `<g fill="none" stroke="${LINE_COLOUR}" stroke-width="${line}">${rectangles.join('')}</g></svg>`;
  return sharp(data, { raw: { width, height, channels } })
    .composite([{ input: Buffer.from(svg) }])
    .jpeg({ quality: JPEG_QUALITY })
    .toBuffer();
}

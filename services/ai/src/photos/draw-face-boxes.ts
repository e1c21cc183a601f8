import { facesPerImageMax } from '@kilas/face-engine/detection/look.ts';
import { decodeImage } from '@kilas/face-engine/pixels/decode-image.ts';
import type { Box } from '@kilas/face-engine/pixels/rgb-image.ts';
import sharp from 'sharp';

export const drawnLongEdgeMaxPx = 1280;

const lineToLongEdge = 1 / 320;
const LINE_COLOUR = '#2dd4bf';
const jpegQuality = 80;

/**
 * A JPEG of the image with a rectangle around each face, upright, at most 1280 px long, metadata stripped. Boxes in
 * pixels of the upright image, as analyse gives them; at most facesPerImageMax are drawn. Throws as decodeImage.
 */
export async function drawFaceBoxes(file: Uint8Array, boxes: readonly Box[]): Promise<Buffer> {
  const image = await decodeImage(file);
  const scale = Math.min(drawnLongEdgeMaxPx / Math.max(image.width, image.height), 1);
  const width = Math.max(Math.round(image.width * scale), 1);
  const height = Math.max(Math.round(image.height * scale), 1);
  const line = Math.max(Math.max(width, height) * lineToLongEdge, 1);
  const rectangles = boxes.slice(0, facesPerImageMax).map((box) => {
    const [x, y, w, h] = [box.x, box.y, box.width, box.height].map((value) => value * scale);
    return `<rect x="${x}" y="${y}" width="${w}" height="${h}" rx="${line * 2}"/>`;
  });
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">` +
    `<g fill="none" stroke="${LINE_COLOUR}" stroke-width="${line}">${rectangles.join('')}</g></svg>`;
  return sharp(image.data, { raw: { width: image.width, height: image.height, channels: 3 } })
    .resize(width, height, { fit: 'fill' })
    .composite([{ input: Buffer.from(svg) }])
    .jpeg({ quality: jpegQuality })
    .toBuffer();
}

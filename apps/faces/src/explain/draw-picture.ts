import type { AnalysedFace } from '@kilas/face-engine/analysis/analyse-image.ts';
import sharp from 'sharp';

const longEdgeMaxPx = 2400;
const matchedColour = '#2dd4bf';
const otherColour = '#f59e0b';

/** A JPEG of the photo, upright, with a numbered box around each face; those that a selfie is shown are of another colour. */
export async function drawPicture(
  file: Uint8Array,
  faces: readonly AnalysedFace[],
  isMatched: (face: AnalysedFace) => boolean,
): Promise<Buffer> {
  const { data, info } = await sharp(file)
    .autoOrient()
    .flatten({ background: 'white' })
    .resize(longEdgeMaxPx, longEdgeMaxPx, { fit: 'inside', withoutEnlargement: true })
    .toBuffer({ resolveWithObject: true });
  const { autoOrient } = await sharp(file).metadata();
  const scale = info.width / autoOrient.width;
  const line = Math.max(Math.max(info.width, info.height) / 500, 2);
  const marks = faces.map((face, i) => {
    const [x, y, width, height] = [face.box.x, face.box.y, face.box.width, face.box.height].map((v) => v * scale);
    const colour = isMatched(face) ? matchedColour : otherColour;
    const sizePx = Math.max((height ?? 0) / 4, 12);
    return (
      `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="none" stroke="${colour}" stroke-width="${line}"/>` +
      `<text x="${x}" y="${Math.max((y ?? 0) - line * 2, sizePx)}" font-family="sans-serif" font-weight="bold" ` +
      `font-size="${sizePx}" fill="${colour}" stroke="black" stroke-width="${sizePx / 25}">${i + 1}</text>`
    );
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${info.width}" height="${info.height}">${marks.join('')}</svg>`;
  return sharp(data)
    .composite([{ input: Buffer.from(svg) }])
    .jpeg({ quality: 88 })
    .toBuffer();
}

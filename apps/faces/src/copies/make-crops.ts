import type { AnalysedFace } from '@kilas/face-engine/analysis/analyse-image.ts';
import { preview, renderMarked, shrink, thumbnail } from '@kilas/upload/derivatives/make-previews.ts';
import sharp from 'sharp';

/** The text that marks previews unless an installation names another. */
const TEXT = 'KILAS';
/** The size of a crop: as large as a selfie must be. */
const facePx = 220;
/** As upload leaves every selfie that comes. */
const normalised = { sideMax: 1600, quality: 90 };

/** One way in which a face is cropped from a picture, as shares of its box, and what is then done to it. */
export interface Cut {
  readonly name: string;
  readonly from: 'preview' | 'thumbnail' | 'original';
  readonly margin?: number;
  readonly aside?: readonly [number, number];
  readonly quality?: number;
  readonly scale?: number;
  readonly degrees?: number;
  readonly brightness?: number;
  readonly gamma?: number;
  readonly blur?: number;
  readonly isMirrored?: boolean;
  readonly frame?: 'plain' | 'screen';
}

export const CUTS: readonly Cut[] = [
  { name: 'preview', from: 'preview' },
  { name: 'preview, tight', from: 'preview', margin: 0.2 },
  { name: 'preview, loose', from: 'preview', margin: 1.2 },
  { name: 'preview, off centre', from: 'preview', margin: 0.8, aside: [0.35, 0.25] },
  { name: 'preview, quality 30', from: 'preview', quality: 30 },
  { name: 'preview, smaller, quality 50', from: 'preview', scale: 0.7, quality: 50 },
  { name: 'preview, quality 95', from: 'preview', quality: 95 },
  { name: 'preview, mirrored', from: 'preview', isMirrored: true },
  { name: 'preview, turned by 7°', from: 'preview', degrees: 7 },
  { name: 'preview, turned by −5°, mirrored', from: 'preview', degrees: -5, isMirrored: true, margin: 0.4 },
  { name: 'preview, brighter', from: 'preview', brightness: 1.3 },
  { name: 'preview, darker', from: 'preview', brightness: 0.7 },
  { name: 'preview, other contrast', from: 'preview', gamma: 1.6, quality: 60 },
  { name: 'preview, blurred', from: 'preview', blur: 1, quality: 50 },
  { name: 'preview, on a screen', from: 'preview', frame: 'screen' },
  { name: 'preview, framed', from: 'preview', frame: 'plain' },
  { name: 'thumbnail', from: 'thumbnail' },
  { name: 'thumbnail, mirrored, brighter', from: 'thumbnail', isMirrored: true, brightness: 1.2 },
  { name: 'original', from: 'original' },
  { name: 'original, tight, quality 30', from: 'original', margin: 0.25, quality: 30 },
  { name: 'original, mirrored, turned', from: 'original', isMirrored: true, degrees: 5, brightness: 0.8 },
];

export interface Renderings {
  readonly compressed: { readonly bytes: Buffer; readonly width: number; readonly height: number };
  readonly preview: Buffer;
  readonly thumbnail: Buffer;
}

/** The pictures of a photo that upload makes. */
export async function render(original: Buffer): Promise<Renderings> {
  const { data, info } = await sharp(original)
    .autoOrient()
    .toColourspace('srgb')
    .jpeg({ quality: 82 })
    .toBuffer({ resolveWithObject: true });
  const compressed = { bytes: data, width: info.width, height: info.height };
  const pixels = await shrink(compressed);
  const marked = (size: typeof preview) => renderMarked(pixels, { ...size, format: 'webp', text: TEXT });
  return { compressed, preview: await marked(preview), thumbnail: await marked(thumbnail) };
}

/** A face of the compressed picture, cropped from one of its renderings, as upload would hand it to ai. */
export async function cutOut(renderings: Renderings, face: Pick<AnalysedFace, 'box'>, cut: Cut): Promise<Buffer> {
  const source = cut.from === 'original' ? renderings.compressed.bytes : renderings[cut.from];
  const { width, height } = await sharp(source).metadata();
  const scale = width / renderings.compressed.width;
  const [box, margin, [right, down]] = [face.box, cut.margin ?? 0.6, cut.aside ?? [0, 0]];
  const side = Math.max(box.width, box.height) * scale * (1 + 2 * margin);
  const left = Math.max(0, Math.round((box.x + box.width * (0.5 + right)) * scale - side / 2));
  const top = Math.max(0, Math.round((box.y + box.height * (0.5 + down)) * scale - side / 2));
  const size = { width: Math.min(width - left, Math.round(side)), height: Math.min(height - top, Math.round(side)) };
  const grown = (facePx * (cut.scale ?? 1)) / (box.width * scale);
  const crop = await sharp(source)
    .extract({ left, top, ...size })
    .png()
    .toBuffer();
  let picture = sharp(crop).resize(Math.round(size.width * grown), Math.round(size.height * grown), { fit: 'fill' });
  // Or what was enlarged would be refused as blurred.
  if (grown > 1.5) picture = picture.sharpen({ sigma: 1.2 });
  if (cut.isMirrored) picture = picture.flop();
  if (cut.brightness !== undefined) picture = picture.modulate({ brightness: cut.brightness });
  if (cut.gamma !== undefined) picture = picture.gamma(cut.gamma);
  if (cut.blur !== undefined) picture = picture.blur(cut.blur);
  const framed = await frame(await picture.png().toBuffer(), cut);
  const sent = await sharp(framed)
    .jpeg({ quality: cut.quality ?? 80 })
    .toBuffer();
  const { sideMax, quality } = normalised;
  return sharp(sent).resize(sideMax, sideMax, { fit: 'inside', withoutEnlargement: true }).jpeg({ quality }).toBuffer();
}

async function frame(picture: Buffer, { degrees, frame: kind }: Cut): Promise<Buffer> {
  if (degrees !== undefined) return sharp(picture).rotate(degrees, { background: '#777' }).png().toBuffer();
  if (kind === undefined) return picture;
  const around = kind === 'screen' ? { top: 200, bottom: 200, left: 100, right: 100 } : { top: 80, right: 60 };
  const framed = await sharp(picture)
    .extend({ ...around, background: kind === 'screen' ? '#202428' : '#ddd' })
    .png()
    .toBuffer();
  if (kind !== 'screen') return framed;
  const { width } = await sharp(framed).metadata();
  return sharp(framed)
    .resize(Math.round(width * 0.83))
    .png()
    .toBuffer();
}

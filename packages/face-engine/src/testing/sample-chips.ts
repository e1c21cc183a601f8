import sharp from 'sharp';
import { readSample, sampleFaceCounts } from './test-samples.ts';

/** Shares that follow each other without a pattern: the fractional parts of multiples of an irrational number. */
const spread = (i: number, step: number) => (i * step) % 1;

/**
 * Square RGB images cropped from the six sample photos at places and sizes of all kinds, always the same ones: faces, parts of faces and
 * what is around them. For comparing networks on real pixels, where it does not matter what they show.
 */
export async function cutSampleChips(count: number, sizePx: number): Promise<Uint8Array[]> {
  const photos = await Promise.all(sampleFaceCounts.map((_, i) => readSample(i + 1)));
  const chips: Uint8Array[] = [];
  for (let i = 0; i < count; i++) {
    const photo = photos[i % photos.length];
    const { width, height } = await sharp(photo).metadata();
    const side = Math.round(Math.min(width, height) * (0.15 + 0.5 * spread(i, Math.SQRT2)));
    const left = Math.round((width - side) * spread(i, Math.sqrt(3)));
    const top = Math.round((height - side) * 0.7 * spread(i, Math.sqrt(5)));
    const cut = sharp(photo).extract({ left, top, width: side, height: side }).resize(sizePx, sizePx);
    chips.push(new Uint8Array(await cut.removeAlpha().raw().toBuffer()));
  }
  return chips;
}

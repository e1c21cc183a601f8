import type { Tags } from './read-tags.ts';

const lengthMax = 100;

/** The name of the camera; its maker stands before it where the model does not say it. */
export function cameraNameOf(tags: Tags): string | undefined {
  const maker = printable(tags['exif:Make'] ?? tags['xmp:Make'] ?? tags['png:exif:Make'] ?? '');
  const model = printable(tags['exif:Model'] ?? tags['xmp:Model'] ?? tags['png:exif:Model'] ?? '');
  const [brand = ''] = maker.split(' ');
  const full = model.toLowerCase().startsWith(brand.toLowerCase()) ? model : `${maker} ${model}`;
  return [...full.trim()].slice(0, lengthMax).join('').trim() || undefined;
}

/** Without control, format and unknown characters, of which one between letters parts them. */
function printable(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{C}\ufffd]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

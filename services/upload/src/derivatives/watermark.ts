import { letterAdvance, letterHeight, letters } from './letters.ts';

/** Height of the letters as a part of the longer side. */
const letterPart = 1 / 22;
/** Pixels below which letters blur into the picture: the smallest thumbnails have larger letters for their size. */
const letterHeightMin = 12;

/**
 * An SVG of the given size in pixels that repeats a text across it, light on dark strokes so that it shows on any picture.
 * The letters are drawn as paths: a fresh machine has no fonts.
 */
export function drawWatermark(mark: { width: number; height: number; text: string }): Buffer {
  const unit = Math.max(letterHeightMin, Math.max(mark.width, mark.height) * letterPart) / letterHeight;
  const tileWidth = (mark.text.length + 2) * letterAdvance;
  const tileHeight = letterHeight * 4;
  const line = (left: number, top: number) =>
    [...mark.text]
      .map((letter, index) => {
        const path = letters[letter] ?? '';
        return `<path transform="translate(${left + index * letterAdvance} ${top})" d="${path}"/>`;
      })
      .join('');
  // Every second line begins half a tile later.
  const text = `${line(letterAdvance, 2)}${line(letterAdvance - tileWidth / 2, 2 + tileHeight / 2)}${line(letterAdvance + tileWidth / 2, 2 + tileHeight / 2)}`;
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${mark.width}" height="${mark.height}">
<defs><pattern id="mark" width="${tileWidth}" height="${tileHeight}" patternUnits="userSpaceOnUse"
 patternTransform="rotate(-30) scale(${unit})">
<g fill="none" stroke-linecap="round" stroke-linejoin="round">
<g stroke="#000" stroke-opacity="0.35" stroke-width="1.5">${text}</g>
<g stroke="#fff" stroke-opacity="0.6" stroke-width="0.8">${text}</g>
</g></pattern></defs>
<rect width="100%" height="100%" fill="url(#mark)"/>
</svg>`,
  );
}

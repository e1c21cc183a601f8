import { PictureError } from './picture-error.ts';

/**
 * Complaints of libjpeg after which all pixels are there, by their texts (jerror.h): an odd version, an odd number for the colours, an order
 * of refinements that is not the usual one, and bytes between the last scan and the end.
 */
const harmless = [
  /unknown JFIF revision number/,
  /Unknown Adobe color transform code/,
  /Inconsistent progression sequence/,
  /extraneous bytes before marker 0xd9/,
];

/** What the decoders say of a file that ends before its pixels do: libjpeg, libheif, libtiff. */
const cutShort =
  /premature end of JPEG image|unexpected end of file|bad seek|read error (at|on) (scanline|row|strip|tile)/i;

/** Whether a decoder complained of nothing that costs a pixel. */
export function isHarmless(error: unknown): boolean {
  const lines = textOf(error)
    .split('\n')
    .filter((line) => line.trim() !== '');
  return lines.length > 0 && lines.every((line) => harmless.some((name) => name.test(line)));
}

/** What a decoder's error says of the file. */
export function faultOf(error: unknown): PictureError {
  return new PictureError(cutShort.test(textOf(error)) ? 'truncated' : 'broken', error);
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * no_picture, heic, raw: not of a format that we take. too_many_pixels, too_long: above the caller's limits. truncated: pixels are missing
 * at the end. broken: pixels cannot be had, or are lost in the middle.
 */
export type PictureFault = 'no_picture' | 'heic' | 'raw' | 'too_many_pixels' | 'too_long' | 'truncated' | 'broken';

/** What is wrong with a file; every other error says nothing of it, only of this machine. */
export class PictureError extends Error {
  readonly fault: PictureFault;
  /** With too_many_pixels: what a picture of this kind may have. */
  readonly pixelsMax: number | undefined;

  constructor(fault: PictureFault, cause?: unknown, pixelsMax?: number) {
    super(cause instanceof Error ? `${fault}: ${cause.message}` : fault, { cause });
    this.fault = fault;
    this.pixelsMax = pixelsMax;
  }
}

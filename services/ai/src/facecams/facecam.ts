import { createHash } from 'node:crypto';

/** Largest selfie that is looked at, in bytes. */
export const selfieSizeMaxBytes = 4 * 1024 * 1024;
/** The same of a frame of a capture challenge. */
export const frameSizeMaxBytes = 1024 * 1024;
export const framesPerStepMax = 3;

/** A picture that has no id, and comes again with the same bytes. */
export function thingOf(image: Uint8Array): `selfie/${string}` {
  return `selfie/${createHash('sha256').update(image).digest('hex')}`;
}

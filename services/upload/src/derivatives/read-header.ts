import { throwMachineFault } from '@kilas/platform/machine-fault.ts';
import sharp from 'sharp';
import { readExif } from './read-exif.ts';

export interface PhotoHeader {
  /** Wall-clock time of the camera, "2026-05-01T07:30:00". */
  readonly capturedLocal?: string;
  /** "+07:00" */
  readonly capturedOffset?: string;
  readonly camera?: string;
}

/** What the camera wrote into the file. Whatever is missing or makes no sense is left out; nothing of it fails a photo. */
export async function readHeader(file: string): Promise<PhotoHeader> {
  const metadata = await sharp(file, { limitInputPixels: false }).metadata().catch(throwMachineFault);
  return metadata?.exif === undefined ? {} : readExif(metadata.exif);
}

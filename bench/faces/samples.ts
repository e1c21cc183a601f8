import { readFile } from 'node:fs/promises';
import { samplePhotoFiles } from '@kilas/samples/photos.ts';

/** The demo photos: six group photos of 1920 px whose faces are all large. */
export async function readSamples(): Promise<Buffer[]> {
  return Promise.all((await samplePhotoFiles()).map((file) => readFile(file)));
}

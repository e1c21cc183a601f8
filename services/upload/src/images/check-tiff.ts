import { refuse } from '@kilas/messages/refuse.ts';
import type { FileWindow } from './file-window.ts';
import { listTiffDirectories, type TiffDirectory, tiffTags } from './tiff-directory.ts';

/** Colour filter array (TIFF/EP) and LinearRaw (DNG): what a sensor saw, not a picture yet. */
const sensorPhotometrics = [32_803, 34_892];

/** Refuses with IMAGE_TRUNCATED when pixels lie beyond the file's end, and with RAW_NOT_SUPPORTED for cameras' own TIFFs. */
export async function checkTiff(file: FileWindow): Promise<void> {
  const mark = await file.atLeast(8, 2);
  if (mark.toString('latin1', 0, 2) === 'CR') refuse('RAW_NOT_SUPPORTED');
  const directories = await listTiffDirectories(file);
  if (directories.some(isSensorData)) refuse('RAW_NOT_SUPPORTED');
  for (const directory of directories) {
    checkExtents(file, directory.get(tiffTags.stripOffsets), directory.get(tiffTags.stripBytes));
    checkExtents(file, directory.get(tiffTags.tileOffsets), directory.get(tiffTags.tileBytes));
  }
}

function isSensorData(directory: TiffDirectory): boolean {
  const photometric = directory.get(tiffTags.photometric)?.[0];
  const make = String.fromCharCode(...(directory.get(tiffTags.make) ?? []).slice(0, 4));
  return (
    directory.has(tiffTags.dngVersion) ||
    (photometric !== undefined && sensorPhotometrics.includes(photometric)) ||
    // Print matching alone is found in pictures of other makers too.
    (directory.has(tiffTags.printMatching) && make === 'SONY')
  );
}

function checkExtents(file: FileWindow, offsets: readonly number[] = [], lengths: readonly number[] = []): void {
  for (const [index, offset] of offsets.entries()) {
    if (offset + (lengths[index] ?? 0) > file.sizeBytes) refuse('IMAGE_TRUNCATED');
  }
}

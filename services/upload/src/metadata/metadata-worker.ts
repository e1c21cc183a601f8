import { Buffer } from 'node:buffer';
import { parentPort } from 'node:worker_threads';
import { findTiffPage } from '@kilas/pictures/tiff-page.ts';
import { FileView } from './file-view.ts';
import { readTags, type TagSource, type Tags } from './read-tags.ts';

export interface MetadataRequest {
  readonly id: number;
  readonly file: string;
}

/** What is known so far; more may come while `isLast` is false. */
export interface MetadataReply {
  readonly id: number;
  readonly tags: Tags;
  readonly isLast: boolean;
}

/** XMP is read for itself and last: it is text that may be megabytes long, and what was read before outlives what it may do. */
const steps: readonly (readonly TagSource[])[] = [['exif', 'iptc', 'png'], ['xmp']];

parentPort?.on('message', async ({ id, file }: MetadataRequest) => {
  let known: Tags = {};
  for (const [index, sources] of steps.entries()) {
    known = { ...(await readFile(file, sources)), ...known };
    const reply: MetadataReply = { id, tags: known, isLast: index === steps.length - 1 };
    parentPort?.postMessage(reply);
  }
});

/** What those sources say, nothing when the bytes are none that can be read. Throws what the system says of the file. */
async function readFile(file: string, sources: readonly TagSource[]): Promise<Tags> {
  const view = new FileView(file);
  try {
    return isTiff(view) ? await readTiff(file, view, sources) : await readTags(view, sources);
  } catch (error) {
    // Not the file's fault: somebody has to hear of it, and the photo to come again.
    if (isOfSystem(error)) throw error;
    return {};
  } finally {
    view.close();
  }
}

function isOfSystem(error: unknown): boolean {
  return error instanceof Error && 'errno' in error;
}

/** TIFF 6.0 alone: the library does not read BigTIFF. */
function isTiff(view: FileView): boolean {
  return view.byteLength >= 8 && [0x49492a00, 0x4d4d002a].includes(view.getUint32(0));
}

/** What the page that is the picture says. Cameras write what they know into the first page, be it a reduced copy, so it tells
 * what the picture's leaves out. */
async function readTiff(file: string, view: FileView, sources: readonly TagSource[]): Promise<Tags> {
  const { isLittle, directory, directories } = await findTiffPage(file);
  let known: Tags = {};
  for (const at of new Set([directory.at, directories[0]?.at ?? directory.at])) {
    // The library reads the first directory of a TIFF.
    const pointer = Buffer.alloc(4);
    if (isLittle) pointer.writeUInt32LE(at);
    else pointer.writeUInt32BE(at);
    view.patch(4, pointer);
    known = { ...(await readTags(view, sources)), ...known };
  }
  return known;
}

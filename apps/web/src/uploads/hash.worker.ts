import { hashFile } from './hash-file.ts';

/** One file after the other: the disk is read once, and memory holds one part. */
let last: Promise<unknown> = Promise.resolve();

addEventListener('message', ({ data: { id, file } }: MessageEvent<{ id: number; file: Blob }>) => {
  last = last.then(async () => {
    try {
      postMessage({ id, hashes: await hashFile(file) });
    } catch (error) {
      postMessage({ id, failure: String(error) });
    }
  });
});

import { refuse } from '@kilas/messages/refuse.ts';
import type { FileWindow } from './file-window.ts';

const signatureBytes = 8;
/** Length and type before the data of a chunk, checksum behind it. */
const chunkFrameBytes = 12;
/** A hundred megabytes in chunks of 8 KiB are 13,000. */
const chunkCountMax = 200_000;

/** Walks from chunk to chunk (PNG, section 5) to IEND; refuses with IMAGE_TRUNCATED when one reaches beyond the file. */
export async function checkPng(file: FileWindow): Promise<void> {
  let at = signatureBytes;
  for (let count = 0; count < chunkCountMax; count++) {
    const header = await file.bytes(at, 8);
    at += chunkFrameBytes + header.readUInt32BE(0);
    if (at > file.sizeBytes) refuse('IMAGE_TRUNCATED');
    if (header.toString('latin1', 4, 8) === 'IEND') return;
  }
  refuse('IMAGE_BROKEN');
}

import { refuse } from '@kilas/messages/refuse.ts';
import type { FileWindow } from './file-window.ts';

/** The size that the RIFF header tells does not count the eight bytes before it. Refuses with IMAGE_TRUNCATED. */
export async function checkWebp(file: FileWindow): Promise<void> {
  const sizeBytes = (await file.bytes(4, 4)).readUInt32LE(0);
  if (sizeBytes + 8 > file.sizeBytes) refuse('IMAGE_TRUNCATED');
}

import { FileWindow, type PictureSource } from './file-window.ts';

const signatureBytes = 8;
/** Length and type before the data of a chunk, checksum behind it. */
const chunkFrameBytes = 12;
/** A hundred megabytes in chunks of 8 KiB are 13,000. */
const chunkCountMax = 50_000;

/** Whether a chunk of a PNG (section 5) reaches past the end of the file: libpng does not name it when it is one of the header. */
export async function isPngCutShort(source: PictureSource): Promise<boolean> {
  return FileWindow.on(source, async (file) => {
    let at = signatureBytes;
    for (let count = 0; count < chunkCountMax; count++) {
      if (at + chunkFrameBytes > file.sizeBytes) return true;
      const header = await file.bytes(at, 8);
      if (header.toString('latin1', 4, 8) === 'IEND') return false;
      at += chunkFrameBytes + header.readUInt32BE(0);
    }
    return false;
  });
}

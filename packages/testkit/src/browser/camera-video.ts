import { writeFile } from 'node:fs/promises';
import sharp from 'sharp';

const size = { width: 640, height: 480 };

/**
 * Writes a picture as the video that a fake camera shows, again and again: a MJPEG of one frame, as wide as most cameras. The picture stands
 * in the middle, on grey.
 */
export async function writeCameraVideo(file: string, picture: Buffer): Promise<void> {
  const frame = await sharp(picture)
    .resize({ ...size, fit: 'contain', background: '#9a9a9a' })
    .jpeg({ quality: 95, chromaSubsampling: '4:2:0' })
    .toBuffer();
  await writeFile(file, Buffer.concat(Array.from({ length: 10 }, () => frame)));
}

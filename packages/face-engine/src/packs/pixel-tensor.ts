import { Tensor } from 'onnxruntime-node';
import type { PixelInput } from './manifest.ts';

/** The float input of a network: images of one size (interleaved RGB bytes), normalised and laid out as it wants them. */
export function pixelTensor(
  images: readonly Uint8Array[],
  { width, height }: { width: number; height: number },
  { channels, layout, mean, divisor }: PixelInput,
): Tensor {
  const pixelCount = width * height;
  const values = new Float32Array(images.length * pixelCount * 3);
  // Where each of the channels of a pixel is read, and where it is written.
  const sources = channels === 'rgb' ? [0, 1, 2] : [2, 1, 0];
  const [step, plane] = layout === 'nchw' ? [1, pixelCount] : [3, 1];
  for (const [i, image] of images.entries()) {
    if (image.length !== pixelCount * 3) throw new Error(`${image.length} bytes are not ${width}×${height} RGB`);
    for (const [c, source] of sources.entries()) {
      const start = i * pixelCount * 3 + c * plane;
      const centre = mean[c] ?? 0;
      for (let pixel = 0; pixel < pixelCount; pixel++) {
        values[start + pixel * step] = ((image[pixel * 3 + source] ?? 0) - centre) / divisor;
      }
    }
  }
  const shape = layout === 'nchw' ? [3, height, width] : [height, width, 3];
  return new Tensor('float32', values, [images.length, ...shape]);
}

/** RGB images of one size, one behind the other. Throws when one has another size. */
export function joinPixels(images: readonly { data: Uint8Array }[], sizeBytes: number): Uint8Array {
  const joined = new Uint8Array(images.length * sizeBytes);
  for (const [i, { data }] of images.entries()) {
    if (data.length !== sizeBytes) throw new Error(`${data.length} bytes, where an image of a batch has ${sizeBytes}`);
    joined.set(data, i * sizeBytes);
  }
  return joined;
}

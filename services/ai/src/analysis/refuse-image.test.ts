import { InferenceError } from '@kilas/face-engine/inference-error.ts';
import { expect, test } from 'vitest';
import { imageFaultOf } from './refuse-image.ts';

test('a picture is called broken for what is wrong with it, never because this machine had no memory for it', () => {
  expect(imageFaultOf(new InferenceError('image_unreadable', 'VipsJpeg: premature end of JPEG image'))).toBe(
    'IMAGE_BROKEN',
  );
  expect(
    imageFaultOf(new InferenceError('image_unreadable', 'vips_tracked: out of memory -- size == 572MB')),
  ).toBeUndefined();
});

import sharp, { type Sharp } from 'sharp';
import { expect, test } from 'vitest';
import { DecodeMemory } from './decode-memory.ts';
import { type PictureLimits, renderPicture } from './render-picture.ts';
import { limits } from './testing/chart.ts';
import { claimSize } from './testing/claim-size.ts';

/** A picture that takes work until it is let go. */
function hold(memory: DecodeMemory, bytes: number, name: string, started: string[]) {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const done = memory.use(bytes, async () => {
    started.push(name);
    await promise;
  });
  return {
    end: async () => {
      resolve();
      await done;
    },
    fail: async () => {
      reject(new Error('broken'));
      await done.catch(() => {});
    },
  };
}

test('pictures are in work together as far as their memory goes, in the order in which they came', async () => {
  const memory = new DecodeMemory(100);
  const started: string[] = [];
  const first = hold(memory, 60, 'first', started);
  const second = hold(memory, 40, 'second', started);
  const large = hold(memory, 100, 'large', started);
  const small = hold(memory, 1, 'small', started);
  expect(started).toEqual(['first', 'second']);
  await second.fail();
  expect(started, 'the small one does not overtake the large one').toEqual(['first', 'second']);
  await first.end();
  expect(started).toEqual(['first', 'second', 'large']);
  await large.end();
  await small.end();
  expect(started).toEqual(['first', 'second', 'large', 'small']);
  await expect(memory.use(101, async () => {})).rejects.toThrow();
});

const side = 200;
const blank = () => sharp({ create: { width: side, height: side, channels: 4, background: '#4568' } });

/** Whether a pixel was asked for, and what was wrong. */
async function judge(bytes: Buffer, memory: DecodeMemory, more: Partial<PictureLimits> = {}) {
  let rendered = 0;
  const outcome = await renderPicture(bytes, { ...limits, ...more, memory }, (pixels) => {
    rendered += 1;
    return pixels.raw().toBuffer();
  }).then(
    () => ({ fault: undefined, pixelsMax: undefined }),
    ({ fault, pixelsMax }: { fault?: string; pixelsMax?: number }) => ({ fault, pixelsMax }),
  );
  return { ...outcome, rendered };
}

test('a picture that would take more memory than there is, is refused by its header, with how many pixels its kind may have', async () => {
  const memory = new DecodeMemory(1_600_000_000);
  const avif = await blank().removeAlpha().avif({ effort: 0 }).toBuffer();
  const bomb = claimSize(avif, 10_000, 10_000);
  expect(bomb.length).toBeLessThan(1000);
  const wide = { pixelsMax: 1_000_000_000 };
  const pixelsMax = Math.floor(1_600_000_000 / 24);
  expect(await judge(bomb, memory, wide)).toEqual({ fault: 'too_many_pixels', pixelsMax, rendered: 0 });
  expect(await judge(avif, memory, wide)).toMatchObject({ fault: undefined, rendered: 1 });
});

test('an AVIF that claims fewer pixels than it has is refused', async () => {
  const avif = await blank().avif({ effort: 0 }).toBuffer();
  const { fault } = await judge(claimSize(avif, 64, 64), new DecodeMemory(10_000_000));
  expect(['broken', 'truncated']).toContain(fault);
});

const kinds = {
  jpeg: (image: Sharp) => image.jpeg(),
  'progressive jpeg': (image: Sharp) => image.jpeg({ progressive: true, chromaSubsampling: '4:4:4' }),
  png: (image: Sharp) => image.png(),
  'interlaced png of 16 bits': (image: Sharp) => image.toColourspace('rgb16').png({ progressive: true }),
  webp: (image: Sharp) => image.webp(),
  tiff: (image: Sharp) => image.removeAlpha().tiff({ compression: 'lzw' }),
  avif: (image: Sharp) => image.removeAlpha().avif({ effort: 0 }),
  'avif of 12 bits': (image: Sharp) => image.avif({ effort: 0, bitdepth: 12 }),
};

test.each([
  ['jpeg', 7],
  ['progressive jpeg', 13],
  ['png', 7.5],
  ['interlaced png of 16 bits', 15.5],
  ['webp', 16],
  ['tiff', 7.5],
  ['avif', 24],
  ['avif of 12 bits', 32],
] as const)('a %s counts with %d bytes a pixel, and is taken where there are as many', async (kind, bytesPerPixel) => {
  const bytes = await kinds[kind](blank()).toBuffer();
  const needed = side * side * bytesPerPixel;
  expect(await judge(bytes, new DecodeMemory(needed))).toMatchObject({ fault: undefined });
  const refused = await judge(bytes, new DecodeMemory(needed - 1));
  expect(refused).toMatchObject({ fault: 'too_many_pixels', rendered: 0 });
});

test('a picture that lies on its side counts with the pixels that are kept to turn it', async () => {
  const turned = await blank().withMetadata({ orientation: 6 }).jpeg().toBuffer();
  const needed = side * side * 10;
  expect(await judge(turned, new DecodeMemory(needed))).toMatchObject({ fault: undefined });
  expect(await judge(turned, new DecodeMemory(needed - 1))).toMatchObject({ fault: 'too_many_pixels', rendered: 0 });
});

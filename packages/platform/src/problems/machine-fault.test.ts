import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { isDiskFull, isMachineFault, throwMachineFault } from './machine-fault.ts';

const folder = await mkdtemp(path.join(os.tmpdir(), 'kilas-fault-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

const errorOf = (run: () => Promise<unknown>) =>
  run().then(
    () => undefined,
    (error: unknown) => error,
  );

test.skipIf(process.platform !== 'linux')(
  'a write that finds no room is a full disk, also as the cause of another error',
  async () => {
    const error = await errorOf(async () => {
      const full = await open('/dev/full', 'w');
      try {
        await full.write('x');
      } finally {
        await full.close();
      }
    });
    expect(isDiskFull(error)).toBe(true);
    expect(isMachineFault(error)).toBe(true);
    expect(isDiskFull(new Error('the file was not received', { cause: error }))).toBe(true);
  },
);

test('a file of ours that is gone or cannot be read is the fault of the machine, and no full disk', async () => {
  for (const file of [path.join(folder, 'none'), folder]) {
    const error = await errorOf(() => readFile(file));
    expect(isMachineFault(error)).toBe(true);
    expect(isDiskFull(error)).toBe(false);
    expect(() => throwMachineFault(error)).toThrow();
  }
});

test.each([
  'vips_tracked: out of memory -- size == 572MB',
  'timeout: 0% complete',
  'Input file is missing: /spool/work-a/received',
  'vips_image_write_to_file: unable to make temporary file\nunix error: No space left on device',
])('what libvips says of the machine is no damaged picture: %s', (message) => {
  expect(isMachineFault(new Error(message))).toBe(true);
});

test.each([
  'VipsJpeg: premature end of JPEG image',
  'vipspng: libpng read error',
  'Input buffer contains unsupported image format',
  'Input file has corrupt header: tiff2vips: attempt to read beyond the file',
  'Unexpected end of form',
])('what is wrong with what was sent is not the machine: %s', (message) => {
  expect(isMachineFault(new Error(message))).toBe(false);
  expect(() => throwMachineFault(new Error(message))).not.toThrow();
});

test('a client that left is no fault of the machine', () => {
  const left = Object.assign(new Error('aborted'), { code: 'ECONNRESET', errno: -104, syscall: 'read' });
  expect(isMachineFault(left)).toBe(false);
  expect(isMachineFault(undefined)).toBe(false);
});

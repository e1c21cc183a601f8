import { test } from 'vitest';
import { mountSmallDisk } from './small-disk.ts';

/** A test that fills a disk; skipped where none can be mounted. */
export const testWithSmallDisk = test.skipIf(!canMount());

function canMount(): boolean {
  const disk = mountSmallDisk(1024 * 1024);
  disk?.unmount();
  if (disk === undefined)
    process.stdout.write('skipped: tests that fill a disk, which take root to mount a small one\n');
  return disk !== undefined;
}

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { isErrno } from '@kilas/platform/problems/is-errno.ts';

/** A disk of its own, to be filled to the last byte by a test or a drill. */
export interface SmallDisk {
  readonly folder: string;
  /** Leaves so many bytes free, or none; in place of what was filled before. */
  fill(leaveBytes: number): Promise<void>;
  /** Gives the room back. */
  clear(): Promise<void>;
  unmount(): void;
}

/** Mounts a file system of that size in memory, which takes root and Linux; undefined without. */
export function mountSmallDisk(sizeBytes: number, at?: string): SmallDisk | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return undefined;
  const folder = at ?? mkdtempSync(path.join(os.tmpdir(), 'kilas-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeBytes},mode=700`, 'kilas-test', folder], {
      stdio: 'ignore',
    });
  } catch {
    // A container whose root may not mount.
    rmSync(folder, { recursive: true });
    return undefined;
  }
  const ballast = path.join(folder, 'ballast');
  const clear = () => rm(ballast, { force: true });
  return {
    folder,
    clear,
    fill: async (leaveBytes) => {
      await clear();
      const file = await open(ballast, 'w');
      const chunk = Buffer.alloc(64 * 1024, 1);
      try {
        for (;;) await file.write(chunk);
      } catch (error) {
        if (!isErrno(error, 'ENOSPC')) throw error;
      }
      const { size } = await file.stat();
      if (leaveBytes > 0) await file.truncate(Math.max(0, size - leaveBytes));
      await file.close();
    },
    unmount: () => {
      execFileSync('umount', ['--lazy', folder]);
      rmSync(folder, { recursive: true });
    },
  };
}

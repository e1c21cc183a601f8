import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { refusalOf } from '@kilas/platform/problems/refusal.ts';
import { mountSmallDisk, type SmallDisk } from '@kilas/testkit/small-disk.ts';
import { testWithSmallDisk as test } from '@kilas/testkit/test-with-small-disk.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { afterAll, afterEach, expect } from 'vitest';
import { Room } from './room.ts';

const mebibyte = 1024 * 1024;
const mounted = mountSmallDisk(32 * mebibyte);
afterEach(() => mounted?.clear());
afterAll(() => mounted?.unmount());

const disk = (): SmallDisk => mounted ?? expect.unreachable('this test is skipped');
const open = (more: { copies?: number; onRefused?: (error: Error) => void } = {}) =>
  new Room({ folders: [disk().folder], freeMinBytes: 8 * mebibyte, copies: 1, ...more });
const reasonOf = (run: Promise<unknown>) =>
  run.then(
    () => 'held',
    (error) => refusalOf(error)?.reason ?? String(error),
  );
/** Holds room until it is told to let go. */
function holding(room: Room, bytes: number) {
  let letGo = () => {};
  const outcome = reasonOf(
    room.hold(
      bytes,
      () =>
        new Promise<void>((resolve) => {
          letGo = resolve;
        }),
    ),
  );
  return { outcome, letGo: () => letGo() };
}

test('many who ask at the same moment are given the room above the floor once', async () => {
  const room = open();
  const all = Array.from({ length: 10 }, () => holding(room, 5 * mebibyte));
  const refused = all.slice(4).map(({ outcome }) => outcome);
  expect(await Promise.all(refused)).toEqual(Array(6).fill('DISK_FULL'));
  expect(room.promisedBytes).toBe(20 * mebibyte);
  for (const { letGo } of all) letGo();
  expect(await Promise.all(all.slice(0, 4).map(({ outcome }) => outcome))).toEqual(Array(4).fill('held'));
  expect(room.promisedBytes).toBe(0);
});

test('what was written counts once: as taken from the disk, and no longer as promised', async () => {
  const room = open();
  await room.hold(12 * mebibyte, async ({ took }) => {
    await writeFile(path.join(disk().folder, 'ballast'), Buffer.alloc(10 * mebibyte));
    await took(10 * mebibyte);
    expect(room.promisedBytes).toBe(2 * mebibyte);
    // 32 less 10 written, 2 promised and 8 of the floor.
    expect(await reasonOf(room.hold(11 * mebibyte, async () => {}))).toBe('held');
    expect(await reasonOf(room.hold(13 * mebibyte, async () => {}))).toBe('DISK_FULL');
  });
});

test('what fails gives its room back, and who wrote more than it asked for counts for no less', async () => {
  const room = open();
  const failed = room.hold(10 * mebibyte, async ({ took }) => {
    await took(1 * mebibyte);
    throw new Error('the client left');
  });
  expect(await reasonOf(failed)).toBe('Error: the client left');
  await room.hold(1, async ({ took }) => {
    await took(5);
    expect(room.promisedBytes).toBe(0);
  });
  expect(room.promisedBytes).toBe(0);
});

test('a file that is being received ends when others have filled the disk to the floor meanwhile', async () => {
  const told: Error[] = [];
  const room = open({ onRefused: (error) => told.push(error) });
  const run = room.hold(20 * mebibyte, async ({ took }) => {
    await took(8 * mebibyte);
    await disk().fill(2 * mebibyte);
    await took(8 * mebibyte);
  });
  expect(await reasonOf(run)).toBe('DISK_FULL');
  expect(told).toHaveLength(1);
  expect(await room.isThere()).toBe(false);
  await disk().clear();
  expect(await room.isThere()).toBe(true);
});

test('what is sent slowly keeps room free for its next bytes, and not for all that it claims', async () => {
  const room = new Room({ folders: [disk().folder], freeMinBytes: 0, copies: 1 });
  const slow = holding(room, 30 * mebibyte);
  await waitFor(() => room.promisedBytes > 0, { what: 'the upload to have its room' });
  expect(room.promisedBytes).toBe(16 * mebibyte);
  expect(await reasonOf(room.hold(12 * mebibyte, async () => {}))).toBe('held');
  // What it goes on to write is kept free in its turn.
  await room.hold(14 * mebibyte, async ({ took }) => {
    await took(9 * mebibyte);
    expect(room.promisedBytes).toBe((16 + 5) * mebibyte);
  });
  slow.letGo();
  expect(await slow.outcome).toBe('held');
  expect(room.promisedBytes).toBe(0);
});

test('where a file is written twice it takes its room twice', async () => {
  const room = open({ copies: 2 });
  expect(await reasonOf(room.hold(13 * mebibyte, async () => {}))).toBe('DISK_FULL');
  expect(await reasonOf(room.hold(11 * mebibyte, async () => {}))).toBe('held');
});

test('of a disk that is gone nobody says that it has room', async () => {
  const room = new Room({ folders: [path.join(disk().folder, 'none')], freeMinBytes: 0, copies: 1 });
  expect(await room.isThere()).toBe(false);
});

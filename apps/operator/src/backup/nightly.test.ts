import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { drivenClock } from '@kilas/testkit/drive-clock.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { expect, onTestFinished, test } from 'vitest';
import { type Manifest, manifestName } from './manifest.ts';
import { backUpNightly, lastBackup, readTimeOfDay } from './nightly.ts';

const database = {
  takenAt: '2026-05-01T02:30:00Z',
  serverVersion: '18',
  migrations: [],
  jobsVersion: null,
  tables: [],
  sequences: [],
};

/** A run at 02:30 that keeps 30 days, on a clock that is driven; `begun` are the backups that it asked for. */
async function startRun(start: string, fail: () => boolean = () => false) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'kilas-nightly-'));
  const clock = drivenClock(new Date(start));
  const stop = new AbortController();
  const begun: string[] = [];
  const said: string[] = [];
  const backUp = async (to: string) => {
    begun.push(path.basename(to));
    if (fail()) throw new Error('no space left');
    await writeBackup(folder, path.basename(to), clock.now());
  };
  let running: Promise<void> = Promise.resolve();
  const go = () => {
    running = backUpNightly({
      folder,
      atMinute: readTimeOfDay('02:30'),
      keepDays: 30,
      backUp,
      clock,
      lookEveryMs: 1,
      stop: stop.signal,
      onStep: (message) => said.push(message),
    });
  };
  onTestFinished(async () => {
    stop.abort();
    await running;
    await rm(folder, { recursive: true });
  });
  return { folder, clock, begun, said, go };
}

async function writeBackup(folder: string, name: string, finishedAt: Date): Promise<void> {
  const manifest: Manifest = {
    format: 1,
    kilasVersion: '1',
    startedAt: finishedAt.toISOString(),
    finishedAt: finishedAt.toISOString(),
    databases: { user: database, photo: database, transaction: database, ai: database, upload: database },
    objects: null,
    erasureCount: 0,
    secrets: null,
  };
  await mkdir(path.join(folder, name), { recursive: true });
  await writeFile(path.join(folder, name, manifestName), JSON.stringify(manifest));
}

const minutes = 60;
const hours = 60 * minutes;
const until = (begun: readonly string[], count: number) =>
  waitFor(() => begun.length >= count, { what: `backup ${count}` });

test('the first is made at once, and the next ones at the time that was asked for, once a day', async () => {
  const { clock, begun, go } = await startRun('2026-05-01T14:07:00Z');
  go();
  await until(begun, 1);
  clock.advance(12 * hours + 22 * minutes);
  clock.advance(1 * minutes);
  await until(begun, 2);
  clock.advance(24 * hours);
  await until(begun, 3);
  expect(begun).toEqual(['2026-05-01T1407Z', '2026-05-02T0230Z', '2026-05-03T0230Z']);
});

test('one that was missed while nothing ran is made up for; one that is there is not made again', async () => {
  const missed = await startRun('2026-05-03T09:00:00Z');
  await writeBackup(missed.folder, '2026-05-02T0230Z', new Date('2026-05-02T02:34:00Z'));
  missed.go();
  await until(missed.begun, 1);
  expect(missed.begun).toEqual(['2026-05-03T0900Z']);

  const there = await startRun('2026-05-03T09:00:00Z');
  await writeBackup(there.folder, '2026-05-03T0230Z', new Date('2026-05-03T02:34:00Z'));
  there.go();
  there.clock.advance(17 * hours + 30 * minutes);
  await until(there.begun, 1);
  expect(there.begun).toEqual(['2026-05-04T0230Z']);
});

test('one that failed is tried again an hour later, and the failure is said', async () => {
  let isBroken = true;
  const { clock, begun, said, go } = await startRun('2026-05-01T02:30:00Z', () => isBroken);
  go();
  await waitFor(() => said.length > 0, { what: 'the failure' });
  expect(said).toEqual(['the backup failed, and is tried again in an hour: Error: no space left']);
  isBroken = false;
  clock.advance(59 * minutes);
  clock.advance(1 * minutes);
  await until(begun, 2);
  expect(begun).toEqual(['2026-05-01T0230Z', '2026-05-01T0330Z']);
});

test('what is older than it is kept goes, and what a killed run left; never the last whole one, nor what is not ours', async () => {
  const { folder, begun, go } = await startRun('2026-06-30T02:30:00Z', () => true);
  await writeBackup(folder, '2026-04-01T0230Z', new Date('2026-04-01T02:34:00Z'));
  await writeBackup(folder, '2026-05-01T0230Z', new Date('2026-05-01T02:34:00Z'));
  await mkdir(path.join(folder, '2026-06-29T0230Z'));
  await mkdir(path.join(folder, '2026-06-28T0230Z.partial'));
  await mkdir(path.join(folder, 'before-1.4'));
  go();
  await until(begun, 1);
  expect((await readdir(folder)).sort()).toEqual(['2026-05-01T0230Z', '2026-06-29T0230Z', 'before-1.4']);
  expect(await lastBackup(folder)).toEqual({
    name: '2026-05-01T0230Z',
    finishedAt: new Date('2026-05-01T02:34:00Z'),
  });
});

test('a time of the day that is none is refused', () => {
  expect(readTimeOfDay('23:59')).toBe(1439);
  for (const text of ['24:00', '2:30', '0230', '']) expect(() => readTimeOfDay(text)).toThrow('--nightly takes one');
});

import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { UserError } from '@kilas/cli/user-error.ts';
import { isErrno } from '@kilas/platform/problems/is-errno.ts';
import type { Clock } from '@kilas/platform/process/clock.ts';
import { manifestName, manifestSchema } from './manifest.ts';

const dayMs = 86_400_000;
const againAfterMs = 3_600_000;
/** `2026-05-01T0230Z`: when it was begun. */
const namePattern = /^(\d{4}-\d{2}-\d{2})T(\d{2})(\d{2})Z$/;

export interface NightlyOptions {
  /** Holds one folder a backup, each named by its time. */
  readonly folder: string;
  /** Minutes after midnight, in UTC. */
  readonly atMinute: number;
  readonly keepDays: number;
  /** Makes one, in a folder that is not there yet. */
  readonly backUp: (to: string) => Promise<void>;
  readonly clock: Clock;
  /** How often the clock is looked at. */
  readonly lookEveryMs?: number;
  readonly stop: AbortSignal;
  /** Told of what was removed, and of a backup that failed. */
  readonly onStep: (message: string) => void;
}

export interface WholeBackup {
  readonly name: string;
  readonly finishedAt: Date;
}

/**
 * Makes a backup every day at the same time, until it is stopped. Makes one at once if there is none yet, or if the time passed while it did not
 * run, and an hour later if one failed. Removes backups older than `keepDays`, but never the last whole one.
 */
export async function backUpNightly(options: NightlyOptions): Promise<void> {
  const { folder, clock, stop, onStep, lookEveryMs = 30_000 } = options;
  let againAt = 0;
  while (!stop.aborted) {
    const now = clock.now().getTime();
    if (now >= againAt && now >= dueAt(await lastBackup(folder), options.atMinute)) {
      try {
        await removeOld(options);
        await options.backUp(path.join(folder, nameOf(clock.now())));
      } catch (error) {
        if (stop.aborted) return;
        againAt = clock.now().getTime() + againAfterMs;
        onStep(`the backup failed, and is tried again in an hour: ${reasonOf(error)}`);
      }
    }
    await delay(lookEveryMs, undefined, { signal: stop }).catch(() => {});
  }
}

/** The newest that was written to its end. */
export async function lastBackup(folder: string): Promise<WholeBackup | undefined> {
  for (const name of (await namesIn(folder)).reverse()) {
    const finishedAt = await finishedAtOf(path.join(folder, name));
    if (finishedAt !== undefined) return { name, finishedAt };
  }
  return undefined;
}

/** The first time of the day after the one that is there; the begin of time where there is none. */
function dueAt(last: WholeBackup | undefined, atMinute: number): number {
  if (last === undefined) return 0;
  const begunAt = timeOf(last.name);
  const sameDay = Math.floor(begunAt / dayMs) * dayMs + atMinute * 60_000;
  return sameDay > begunAt ? sameDay : sameDay + dayMs;
}

async function removeOld({ folder, keepDays, clock, onStep }: NightlyOptions): Promise<void> {
  const last = await lastBackup(folder);
  const oldestKept = clock.now().getTime() - keepDays * dayMs;
  for (const name of await namesIn(folder)) {
    if (name === last?.name || timeOf(name) >= oldestKept) continue;
    await rm(path.join(folder, name), { recursive: true, force: true });
    onStep(`removed the backup ${name}, which is older than ${keepDays} days`);
  }
  // What one that was killed left: nobody else makes folders with these names.
  for (const name of await entriesOf(folder)) {
    if (!name.endsWith('.partial') || !namePattern.test(name.slice(0, -'.partial'.length))) continue;
    await rm(path.join(folder, name), { recursive: true, force: true });
  }
}

/** In the order of their times. */
async function namesIn(folder: string): Promise<string[]> {
  return (await entriesOf(folder)).filter((name) => namePattern.test(name)).sort();
}

async function entriesOf(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return [];
    throw error;
  }
}

async function finishedAtOf(backup: string): Promise<Date | undefined> {
  try {
    const manifest = manifestSchema.safeParse(JSON.parse(await readFile(path.join(backup, manifestName), 'utf8')));
    return manifest.success ? new Date(manifest.data.finishedAt) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function nameOf(time: Date): string {
  return `${time.toISOString().slice(0, 16).replace(':', '')}Z`;
}

function timeOf(name: string): number {
  const [, day = '', hour = '', minute = ''] = namePattern.exec(name) ?? [];
  return Date.parse(`${day}T${hour}:${minute}:00Z`);
}

function reasonOf(error: unknown): string {
  return error instanceof UserError || !(error instanceof Error) ? String(error) : `${error.name}: ${error.message}`;
}

/** `02:30` as minutes after midnight. */
export function readTimeOfDay(text: string): number {
  const [, hour, minute] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  if (hour === undefined || minute === undefined) {
    throw new UserError(`"${text}" is not a time of the day: --nightly takes one such as 02:30, in UTC.`);
  }
  return Number(hour) * 60 + Number(minute);
}

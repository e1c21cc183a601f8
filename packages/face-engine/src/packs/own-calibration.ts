import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Calibration, calibrationSchema } from '../distances/calibration.ts';
import { readJsonFile } from './read-json-file.ts';

/** The message names the file. */
export class DamagedCalibration extends Error {}

/** Where an installation's own calibration of a pack lies, which takes the place of the pack's. */
export function ownCalibrationFile(folder: string, packId: string): string {
  return path.join(folder, `${packId}.json`);
}

/** Undefined where there is none; throws, naming the file, for one that is damaged. */
export async function readOwnCalibration(folder: string, packId: string): Promise<Calibration | undefined> {
  const file = ownCalibrationFile(folder, packId);
  return readJsonFile(
    file,
    (content) => calibrationSchema.parse(content),
    (why) => new DamagedCalibration(`${file} is no calibration: ${why}`),
  );
}

/** Is there whole or not at all, also when the process dies; replaces the one before. Answers the file. */
export async function writeOwnCalibration(folder: string, packId: string, calibration: Calibration): Promise<string> {
  const file = ownCalibrationFile(folder, packId);
  await mkdir(folder, { recursive: true });
  const draft = `${file}.${randomUUID()}.tmp`;
  try {
    await writeFile(draft, `${JSON.stringify(calibrationSchema.parse(calibration), null, 2)}\n`, { flush: true });
    await rename(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
  return file;
}

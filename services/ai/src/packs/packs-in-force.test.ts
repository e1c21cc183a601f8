import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { systemClock } from '@kilas/platform/clock.ts';
import { ConfigError } from '@kilas/platform/config.ts';
import { afterAll, expect, test } from 'vitest';
import { DLIB_CALIBRATION } from '../inference/calibration.ts';
import { PACK_ID } from '../inference/graph-pack.ts';
import { ownCalibrationFile, writeOwnCalibration } from '../inference/own-calibration.ts';
import { readPacksInForce } from './packs-in-force.ts';

const folder = await mkdtemp(path.join(os.tmpdir(), 'kilas-in-force-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

const config = { GRAPHS_FOLDER: folder, PACKS_FOLDER: undefined, AI_PACK: PACK_ID } as const;
const others = { AI_PACK_OLD: undefined, AI_PACK_OLD_UNTIL: undefined } as const;

async function calibrationIn(calibrationFolder: string | undefined) {
  const packs = await readPacksInForce({ ...config, ...others, CALIBRATION_FOLDER: calibrationFolder }, systemClock);
  return packs.list()[0]?.manifest.calibration;
}

test("an installation's own calibration takes the place of the pack's; without one the pack's holds", async () => {
  const own = { ...DLIB_CALIBRATION, strangers: { ...DLIB_CALIBRATION.strangers, mean: 0.8 } };
  expect(await calibrationIn(undefined)).toEqual(DLIB_CALIBRATION);
  expect(await calibrationIn(folder)).toEqual(DLIB_CALIBRATION);
  await writeOwnCalibration(folder, PACK_ID, own);
  expect(await calibrationIn(folder)).toEqual(own);
});

test('a damaged calibration keeps the service from starting, by its name', async () => {
  await writeFile(ownCalibrationFile(folder, PACK_ID), '{}');
  await expect(calibrationIn(folder)).rejects.toThrow(ConfigError);
  await expect(calibrationIn(folder)).rejects.toThrow(ownCalibrationFile(folder, PACK_ID));
});

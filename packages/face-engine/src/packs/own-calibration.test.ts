import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { dlibCalibration } from '../distances/calibration.ts';
import { ownCalibrationFile, readOwnCalibration, writeOwnCalibration } from './own-calibration.ts';

const folder = await mkdtemp(path.join(tmpdir(), 'kilas-calibration-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

test('a calibration that was written is read, replaced whole, and no other pack is given it', async () => {
  const place = path.join(folder, 'made');
  expect(await readOwnCalibration(place, 'a-pack')).toBeUndefined();
  await writeOwnCalibration(place, 'a-pack', dlibCalibration);
  const alike = { ...dlibCalibration, strangers: { ...dlibCalibration.strangers, mean: 0.8 } };
  await writeOwnCalibration(place, 'a-pack', alike);
  expect(await readOwnCalibration(place, 'a-pack')).toEqual(alike);
  expect(await readOwnCalibration(place, 'another-pack')).toBeUndefined();
  expect(await readdir(place)).toEqual(['a-pack.json']);
});

test('a damaged calibration is named, not passed over', async () => {
  const file = ownCalibrationFile(folder, 'damaged');
  await writeFile(file, '{');
  await expect(readOwnCalibration(folder, 'damaged')).rejects.toThrow(file);
  await writeFile(file, JSON.stringify({ ...dlibCalibration, levelRates: [0.1] }));
  await expect(readOwnCalibration(folder, 'damaged')).rejects.toThrow('levelRates');
});

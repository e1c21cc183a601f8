import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { calibrationSchema, mobilefacenetCalibration } from '@kilas/face-engine/distances/calibration.ts';
import { falseMatchRate } from '@kilas/face-engine/distances/level.ts';
import { readSample } from '@kilas/face-engine/testing/sample-photos.ts';
import { afterAll, expect, test, vi } from 'vitest';
import { runFaces } from '../testing/run-faces.ts';
import { calibrationOf } from './calibrate-command.ts';
import { carefulCurve } from './careful-curve.ts';
import { fitStrangers, type Pair } from './fit-strangers.ts';

// Each runs processes: the command, its database, its engine.
vi.setConfig({ testTimeout: 240_000 });

const folder = await mkdtemp(path.join(os.tmpdir(), 'kilas-calibrate-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

test('a handful of photos is compared and printed, but no ground to write a calibration', async () => {
  const photos = await mkdtemp(path.join(folder, 'photos-'));
  for (const number of [1, 6]) await writeFile(path.join(photos, `${number}.jpg`), await readSample(number));
  const out = path.join(folder, 'out');
  const { code, output, errors } = await runFaces('calibrate', '--photos', photos, '--write', '--out', out);
  expect(output).toMatch(/^mobilefacenet-192-v1, faces within 2 photos$/m);
  expect(output).toMatch(/^9 pairs of different people; left out: 0 faces found twice/m);
  expect(output).toMatch(/^ {2}1\.\d{3} {2}[16]\.jpg: \d+, \d+ and \d+, \d+$/m);
  expect(output).toContain('too few groups to say how sure that is');
  expect(output).toMatch(/^decided by (the pack's curve|the fit's upper end|a curve above both)/m);
  expect(errors).toContain('There are 9 pairs in 2 photos: 1000 in 12 are needed');
  expect(code).toBe(1);
  expect(await readdir(folder)).not.toContain('out');
});

/** Photos whose people are as far from each other as this. */
function fitAround(mean: number) {
  const pairs: Pair[] = Array.from({ length: 4_000 }, (_, i) => ({
    distance: mean + 0.12 * Math.SQRT2 * Math.sin(i) * Math.cos(i * i),
    group: `photo ${i % 40}`,
  }));
  return fitStrangers(pairs);
}

test('what is written never says less of strangers than the fit, names its pairs, and keeps what the pack says of cuts', () => {
  const pack = mobilefacenetCalibration;
  const fit = fitAround(1.05);
  const careful = carefulCurve(fit, pack);
  const written = calibrationOf(fit, { pack, careful, what: 'generated' });
  for (const distance of [0.5, 0.7, 0.9]) {
    expect(falseMatchRate(written, distance)).toBeGreaterThanOrEqual(falseMatchRate(fit, distance));
  }
  const { measuredDistance } = pack.data;
  const nearestDistance = Math.min(fit.nearestDistance, pack.data.nearestDistance ?? 2);
  expect(written.data).toMatchObject({ pairCount: 4_000, nearestDistance, measuredDistance });
  const { strangers, data, ...cuts } = pack;
  expect(written).toMatchObject(cuts);
  expect(calibrationSchema.safeParse(written).success).toBe(true);
});

test('where the pack decides, its calibration stays as it is', () => {
  const fit = fitAround(1.5);
  const careful = carefulCurve(fit, mobilefacenetCalibration);
  const written = calibrationOf(fit, { pack: mobilefacenetCalibration, careful, what: 'generated' });
  expect(written).toBe(mobilefacenetCalibration);
});

test.each([
  ['There is no installation in', ['--data', '/nowhere']],
  ['--sample takes a whole number from 1 to 20000, not "many"', ['--sample', 'many']],
  ['exclude each other', ['--photos', '/nowhere', '--labelled', '/nowhere']],
  ['--photos takes a folder', ['--photos', '/nowhere']],
])('one sentence and a failure: %s', async (sentence, args) => {
  const { code, errors } = await runFaces('calibrate', ...args);
  expect(errors).toContain(sentence);
  expect(code).toBe(1);
});

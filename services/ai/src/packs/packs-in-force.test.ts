import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { systemClock } from '@kilas/platform/clock.ts';
import { ConfigError } from '@kilas/platform/config.ts';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { DLIB_CALIBRATION } from '../inference/calibration.ts';
import { DEFAULT_PACK_ID, DLIB_PACK_ID } from '../inference/graph-pack.ts';
import { ownCalibrationFile, writeOwnCalibration } from '../inference/own-calibration.ts';
import { type FaceDatabase, openFaceDatabase } from '../testing/open-face-database.ts';
import { newPerson } from '../testing/synthetic-faces.ts';
import { storeFacecam, takePhoto } from '../testing/synthetic-steps.ts';
import { writeTinyPack } from '../testing/tiny-pack.ts';
import { rankPacks } from './pack-store.ts';
import { type PackConfig, readPacksInForce } from './packs-in-force.ts';

const folder = await mkdtemp(path.join(os.tmpdir(), 'kilas-in-force-'));
const brought = 'tiny';
let database: FaceDatabase;

beforeAll(async () => {
  database = await openFaceDatabase();
});

beforeEach(async () => {
  const { db } = database;
  await db.deleteFrom('photo_recognitions').execute();
  await db.deleteFrom('templates').execute();
  await db.deleteFrom('packs').execute();
});

afterAll(async () => {
  await database?.close();
  await rm(folder, { recursive: true, force: true });
});

const unset: PackConfig = {
  GRAPHS_FOLDER: folder,
  PACKS_FOLDER: undefined,
  CALIBRATION_FOLDER: undefined,
  FACE_PACK: undefined,
  FACE_PACK_OLD: undefined,
  FACE_PACK_OLD_UNTIL: undefined,
};
const read = (config: Partial<PackConfig> = {}) =>
  readPacksInForce({ ...unset, ...config }, { db: database.db, clock: systemClock });
const rank = (...packIds: string[]) => database.db.transaction().execute((tx) => rankPacks(tx, packIds));

async function calibrationIn(calibrationFolder: string | undefined) {
  const packs = await read({ FACE_PACK: DLIB_PACK_ID, CALIBRATION_FOLDER: calibrationFolder });
  return packs.list()[0]?.manifest.calibration;
}

test("an installation's own calibration takes the place of the pack's; without one the pack's holds", async () => {
  const own = { ...DLIB_CALIBRATION, strangers: { ...DLIB_CALIBRATION.strangers, mean: 0.8 } };
  expect(await calibrationIn(undefined)).toEqual(DLIB_CALIBRATION);
  expect(await calibrationIn(folder)).toEqual(DLIB_CALIBRATION);
  await writeOwnCalibration(folder, DLIB_PACK_ID, own);
  expect(await calibrationIn(folder)).toEqual(own);
});

test('a damaged calibration keeps the service from starting, by its name', async () => {
  await writeFile(ownCalibrationFile(folder, DLIB_PACK_ID), '{}');
  await expect(calibrationIn(folder)).rejects.toThrow(ConfigError);
  await expect(calibrationIn(folder)).rejects.toThrow(ownCalibrationFile(folder, DLIB_PACK_ID));
});

test('an installation without faces starts with the default pack, also when it has known another one', async () => {
  expect((await read()).ids()).toEqual([DEFAULT_PACK_ID]);
  const photo = await takePhoto(database.db, [newPerson()], { packId: DLIB_PACK_ID });
  await database.db.deleteFrom('photo_recognitions').where('photo_id', '=', photo).execute();
  expect((await read()).ids()).toEqual([DEFAULT_PACK_ID]);
});

test('faces that are there are found again: without a choice their pack stays in force', async () => {
  await takePhoto(database.db, [newPerson()], { packId: DLIB_PACK_ID });
  expect((await read()).ids()).toEqual([DLIB_PACK_ID]);
});

test('an enrolled member alone keeps their pack in force', async () => {
  await storeFacecam(database.db, newPerson(), { packId: DLIB_PACK_ID });
  expect((await read()).ids()).toEqual([DLIB_PACK_ID]);
});

test('of several packs with faces the one believed first stays in force', async () => {
  await takePhoto(database.db, [newPerson()], { packId: DLIB_PACK_ID });
  await takePhoto(database.db, [newPerson()], { packId: DEFAULT_PACK_ID });
  await rank(DLIB_PACK_ID, DEFAULT_PACK_ID);
  expect((await read()).ids()).toEqual([DLIB_PACK_ID]);
  await rank(DEFAULT_PACK_ID, DLIB_PACK_ID);
  expect((await read()).ids()).toEqual([DEFAULT_PACK_ID]);
});

test('a pack that is chosen is in force whatever the faces were made with', async () => {
  await takePhoto(database.db, [newPerson()], { packId: DLIB_PACK_ID });
  expect((await read({ FACE_PACK: DEFAULT_PACK_ID })).ids()).toEqual([DEFAULT_PACK_ID]);
  const until = new Date(systemClock.now().getTime() + 3_600_000);
  const change = { FACE_PACK: DEFAULT_PACK_ID, FACE_PACK_OLD: DLIB_PACK_ID, FACE_PACK_OLD_UNTIL: until };
  expect((await read(change)).ids()).toEqual([DEFAULT_PACK_ID, DLIB_PACK_ID]);
});

test('faces of a pack that an operator brought need it: without its folder the start is refused, not the faces lost', async () => {
  await takePhoto(database.db, [newPerson()], { packId: brought });
  await expect(read()).rejects.toThrow(/PACKS_FOLDER: expected, since the faces were made with the model pack tiny/);
  await writeTinyPack(folder, brought);
  expect((await read({ PACKS_FOLDER: folder })).ids()).toEqual([brought]);
});

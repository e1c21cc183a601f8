import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { dlibCalibration } from '@kilas/face-engine/distances/calibration.ts';
import { falseMatchRate } from '@kilas/face-engine/distances/level.ts';
import { DEFAULT_PACK_ID, DLIB_PACK_ID } from '@kilas/face-engine/packs/built-in-packs.ts';
import { ownCalibrationFile, writeOwnCalibration } from '@kilas/face-engine/packs/own-calibration.ts';
import { cardThatHolds, writeTinyCard, writeTinyPack } from '@kilas/face-engine/testing/tiny-pack.ts';
import { systemClock } from '@kilas/platform/process/clock.ts';
import { ConfigError } from '@kilas/platform/process/env.ts';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type FaceDatabase, openFaceDatabase } from '../testing/open-face-database.ts';
import { newPerson } from '../testing/synthetic-faces.ts';
import { storeFacecam, takePhoto } from '../testing/synthetic-steps.ts';
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
  FACE_PACK_FORCE: undefined,
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
  const own = { ...dlibCalibration, strangers: { ...dlibCalibration.strangers, mean: 0.8 } };
  expect(await calibrationIn(undefined)).toEqual(dlibCalibration);
  expect(await calibrationIn(folder)).toEqual(dlibCalibration);
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
  await writeTinyCard(folder, cardThatHolds(await writeTinyPack(folder, brought)));
  expect((await read({ PACKS_FOLDER: folder })).ids()).toEqual([brought]);
});

const bring = (packId: string) => writeTinyPack(folder, packId);
const chosen = (packId: string) => ({ PACKS_FOLDER: folder, FACE_PACK: packId });

test('a pack that was brought is in force with a card that vouches for it, and nothing is told of it', async () => {
  await writeTinyCard(folder, cardThatHolds(await bring('measured')));
  const packs = await read(chosen('measured'));
  expect(packs.ids()).toEqual(['measured']);
  expect(packs.forcedDespite).toEqual([]);
});

test('one that nobody measured ends the start with what to do about it, also where faces were made with it', async () => {
  await bring('unmeasured');
  const refused = read(chosen('unmeasured'));
  await expect(refused).rejects.toThrow(ConfigError);
  const card = path.join(folder, 'unmeasured', 'card.json');
  for (const part of [
    'model pack unmeasured: card.json: is not there',
    `FACE_PACK=unmeasured npm run faces -- strangers DIR --pass default --write-card ${card}`,
    'FACE_PACK_FORCE=unmeasured',
  ])
    await expect(refused).rejects.toThrow(part);
  await takePhoto(database.db, [newPerson()], { packId: 'unmeasured' });
  await expect(read({ PACKS_FOLDER: folder })).rejects.toThrow('card.json: is not there');
});

test('all that a card misses is told at once', async () => {
  const card = cardThatHolds(await bring('missed'));
  const limits = card.limits.map((limit) => ({
    ...limit,
    isMet: limit.name !== 't4Min' && limit.name !== 'foundOneMin',
  }));
  await writeTinyCard(folder, { ...card, limits, settingsSha256: 'a'.repeat(64) });
  await expect(read(chosen('missed'))).rejects.toThrow(
    /another input[\s\S]*foundOneMin[\s\S]*t4Min[\s\S]*FACE_PACK_FORCE=/,
  );
});

test('a damaged card vouches for nothing, and does not keep a pack from being forced', async () => {
  await bring('damaged');
  await writeFile(path.join(folder, 'damaged/card.json'), '{');
  await expect(read(chosen('damaged'))).rejects.toThrow(/damaged\/card\.json is no card[\s\S]*FACE_PACK_FORCE=/);
  const packs = await read({ ...chosen('damaged'), FACE_PACK_FORCE: 'damaged' });
  expect(packs.forcedDespite).toEqual([expect.stringContaining('is no card')]);
});

test('a pack is forced by its name alone: what was set for another one does not carry over', async () => {
  await bring('next');
  const packs = await read({ ...chosen('next'), FACE_PACK_FORCE: 'next' });
  expect(packs.ids()).toEqual(['next']);
  expect(packs.forcedDespite).toEqual([expect.stringContaining('nobody has measured')]);
  await expect(read({ ...chosen('next'), FACE_PACK_FORCE: 'previous' })).rejects.toThrow('card.json: is not there');
});

test('a pack that is being replaced needs no card: members are still found by it until they are found by the next', async () => {
  await bring('leaving');
  const until = new Date(systemClock.now().getTime() + 3_600_000);
  const change = { FACE_PACK: DEFAULT_PACK_ID, FACE_PACK_OLD: 'leaving', FACE_PACK_OLD_UNTIL: until };
  expect((await read({ ...change, PACKS_FOLDER: folder })).ids()).toEqual([DEFAULT_PACK_ID, 'leaving']);
});

test('dlib’s pack may be chosen without a card of its own, by whose faces were made with it', async () => {
  const packs = await read({ FACE_PACK: DLIB_PACK_ID });
  expect(packs.ids()).toEqual([DLIB_PACK_ID]);
  expect(packs.forcedDespite).toEqual([]);
});

test("an installation's own calibration may not reach farther than the card was measured, only less far", async () => {
  const manifest = await bring('calibrated');
  const { calibration } = manifest;
  const cut = 0.5;
  const stated = falseMatchRate(calibration, cut);
  await writeTinyCard(folder, { ...cardThatHolds(manifest), cut, stated });
  const own = (mean: number) => ({ ...calibration, strangers: { ...calibration.strangers, mean } });
  const config = { ...chosen('calibrated'), CALIBRATION_FOLDER: folder };
  await writeOwnCalibration(folder, 'calibrated', own(0.8));
  expect((await read(config)).ids()).toEqual(['calibrated']);
  await writeOwnCalibration(folder, 'calibrated', own(0.9));
  await expect(read(config)).rejects.toThrow('farther apart than card.json was measured for');
});

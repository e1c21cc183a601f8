import { newServiceKey } from '@kilas/platform/rpc/service-token.ts';
import { expect, test } from 'vitest';
import { readConfig, shareCores } from './config.ts';

const key = newServiceKey();
const whole = {
  ...{ HTTP_PORT: '0', RPC_PORT: '0', PUBLIC_URL: 'http://kilas.test', DATABASE_URL: 'postgres://kilas.test/ai' },
  ...{ SERVICE_PRIVATE_KEY: key.privateKeyPem, SERVICE_PUBLIC_KEYS: JSON.stringify({ ai: key.publicKeyPem }) },
  ...{ PEERS: 'photo=http://kilas.test:1', ERASURE_JOURNAL_URL: 'folder:/kilas/journal' },
  ...{ OBJECTS_FOLDER: '/kilas/objects', OBJECTS_SIGNING_KEY: 'k'.repeat(32) },
  ...{ GRAPHS_FOLDER: '/kilas/graphs', FACES_SECRET: 'f'.repeat(32) },
};

test('every core has work, and four engines at most are opened unasked', () => {
  expect([1, 2, 3, 4, 6, 8, 16].map((cores) => shareCores(cores))).toEqual([
    { engines: 1, threads: 1 },
    { engines: 2, threads: 1 },
    { engines: 3, threads: 1 },
    { engines: 4, threads: 1 },
    { engines: 4, threads: 2 },
    { engines: 4, threads: 2 },
    { engines: 4, threads: 4 },
  ]);
  expect(shareCores(8, 1)).toEqual({ engines: 1, threads: 8 });
  expect(shareCores(2, 8)).toEqual({ engines: 8, threads: 1 });
});

test('the built-in packs are chosen by their ids alone; without a choice none is named', () => {
  expect(readConfig({ ...whole, FACE_PACK: 'dlib-128-v1' })).toMatchObject({ FACE_PACK: 'dlib-128-v1' });
  expect(readConfig(whole).FACE_PACK).toBeUndefined();
  expect(() => readConfig({ ...whole, FACE_PACK: 'yunet-sface-v1' })).toThrow('PACKS_FOLDER: expected');
});

test.each([
  ['AI_PACK', 'FACE_PACK'],
  ['AI_PACK_OLD', 'FACE_PACK_OLD'],
  ['AI_PACK_OLD_UNTIL', 'FACE_PACK_OLD_UNTIL'],
])('%s is refused with its new name %s, not passed over', (former, now) => {
  expect(() => readConfig({ ...whole, [former]: 'dlib-128-v1' })).toThrow(`${former}: is called ${now} now`);
  // As containers pass on a variable that nobody set.
  expect(() => readConfig({ ...whole, [former]: '' })).not.toThrow();
});

test('a change of packs names the new one: who is to leave one must know for which', () => {
  const change = { FACE_PACK_OLD: 'dlib-128-v1', FACE_PACK_OLD_UNTIL: '2030-01-01T00:00:00Z' };
  expect(() => readConfig({ ...whole, ...change })).toThrow('FACE_PACK: expected with FACE_PACK_OLD');
  expect(() => readConfig({ ...whole, ...change, FACE_PACK: 'mobilefacenet-192-v1' })).not.toThrow();
});

test('a pack is forced by its id, which stands for that pack alone', () => {
  const forced = { FACE_PACK: 'dlib-128-v1', FACE_PACK_FORCE: 'yunet-sface-v1' };
  expect(readConfig({ ...whole, ...forced }).FACE_PACK_FORCE).toBe('yunet-sface-v1');
  expect(() => readConfig({ ...whole, FACE_PACK_FORCE: 'Yes, please' })).toThrow('FACE_PACK_FORCE: expected the id');
});

import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sha256Of, writeTinyPack } from '../testing/tiny-pack.ts';
import { type PackManifest, parseManifest } from './manifest.ts';
import { readPack } from './read-pack.ts';

let dir = '';

beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'kilas-packs-'));
});

afterEach(() => rm(dir, { recursive: true }));

const read = (id = 'tiny') => readPack(path.join(dir, id), id);
const problemsOf = (id?: string) =>
  read(id).then(
    () => '',
    (error: Error) => error.message,
  );

test('a pack whose files are whole is read', async () => {
  const manifest = await writeTinyPack(dir, 'tiny');
  expect(await read()).toEqual({ folder: path.join(dir, 'tiny'), manifest });
});

test('a file with one changed byte is refused with its name, the checksum expected and the one it has', async () => {
  const { embedder } = await writeTinyPack(dir, 'tiny');
  const name = path.join(dir, 'tiny', embedder.file);
  const file = await open(name, 'r+');
  await file.write(Buffer.of(0xff), 0, 1, 20);
  await file.close();
  const actual = sha256Of(await readFile(name));
  const message = await problemsOf();
  expect(message).toContain(`${embedder.file}: SHA-256 is ${actual}, expected ${embedder.sha256}`);
  expect(message).not.toContain('detector.onnx');
  expect(actual).not.toBe(embedder.sha256);
});

test('a file that is not there is refused with its name and checksum, beside all others', async () => {
  const { detector } = await writeTinyPack(dir, 'tiny');
  await rm(path.join(dir, 'tiny', 'detector.onnx'));
  await writeFile(path.join(dir, 'tiny', 'embedder.onnx'), 'cut off');
  const message = await problemsOf();
  expect(message).toContain(`detector.onnx: is not there, expected SHA-256 ${detector.sha256}`);
  expect(message).toContain(`embedder.onnx: SHA-256 is ${sha256Of(Buffer.from('cut off'))}`);
});

test('one error lists every problem of a manifest', async () => {
  const change = ({ detector, ...rest }: PackManifest) => ({
    ...rest,
    id: 'Tiny pack',
    detector: { ...detector, file: '../detector.onnx', sha256: 'none', scoreMin: 2 },
    surprise: true,
  });
  await writeTinyPack(dir, 'tiny', { change });
  const message = await problemsOf();
  for (const problem of ['id:', 'detector.file:', 'detector.sha256:', 'detector.scoreMin:', 'surprise'])
    expect(message).toContain(problem);
});

const misfits: [string, (manifest: PackManifest) => unknown, string][] = [
  [
    'dlib’s embedder on five points',
    (manifest) => ({
      ...manifest,
      embedder: {
        ...manifest.embedder,
        ...{ kind: 'dlib-150', input: 'rgb-bytes', chipPx: 150, alignment: 'dlib', dimension: 128 },
      },
    }),
    'needs the 68 points',
  ],
  [
    'points of a detector that gives none',
    (manifest) => ({ ...manifest, detector: { ...manifest.detector, kind: 'ssd-mobilenet', input: 'rgb-bytes' } }),
    'gives no points',
  ],
  [
    'a landmark that the layout lacks',
    (manifest) => ({
      ...manifest,
      embedder: {
        ...manifest.embedder,
        alignment: [
          { landmark: 5, x: 1, y: 1 },
          { landmark: 1, x: 9, y: 1 },
        ],
      },
    }),
    'not among the 5',
  ],
  [
    'one file for two models',
    (manifest) => ({ ...manifest, embedder: { ...manifest.embedder, file: 'detector.onnx' } }),
    'the same file',
  ],
];

test.each(misfits)('%s is refused', async (_, change, problem) => {
  await writeTinyPack(dir, 'tiny', { change });
  expect(await problemsOf()).toContain(problem);
});

test('a pack under another name than its own, and a folder that is none, are refused', async () => {
  await writeTinyPack(dir, 'tiny', { change: (manifest) => ({ ...manifest, id: 'other' }) });
  expect(await problemsOf()).toContain('says other');
  expect(await problemsOf('absent')).toContain('manifest.json');
});

test('the manifest that the documentation shows fits', async () => {
  const text = await readFile(new URL('../../../../docs/packs.md', import.meta.url), 'utf8');
  const [, json = ''] = /```json\n([\s\S]*?)```/.exec(text) ?? [];
  expect(parseManifest(JSON.parse(json))).toMatchObject({ pack: { id: 'yunet-sface-v1' } });
});

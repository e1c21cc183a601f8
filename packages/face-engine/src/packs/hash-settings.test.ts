import { expect, test } from 'vitest';
import { MOBILEFACENET_MANIFEST } from './built-in-packs.ts';
import { hashSettings } from './hash-settings.ts';
import { type PackManifest, parseManifest } from './manifest.ts';

const whole = MOBILEFACENET_MANIFEST;
const { calibration, embedder, typicalFace } = whole;
if (embedder.kind !== 'arcface-112' || typicalFace === undefined) throw new Error('another pack is the default');
const pixels = { channels: 'rgb', layout: 'nchw', mean: [0, 0, 0], divisor: 1 } as const;
const hash = (change: Partial<PackManifest> = {}) => hashSettings({ ...whole, ...change });

test.each<[string, Partial<PackManifest>]>([
  ['the pixels that the embedder gets', { embedder: { ...embedder, input: { ...pixels, mean: [0, 0, 0] } } }],
  ['the alignment', { embedder: { ...embedder, alignment: [{ landmark: 30, x: 56, y: 72 }] } }],
  ['the numbers of an embedding', { embedder: { ...embedder, dimension: 191 } }],
  ['the landmarks', { landmarks: { kind: 'of-detector', layout: '5' } }],
  ['the typical face', { typicalFace: { ...typicalFace, usualDistance: 1 } }],
  ['no typical face', { typicalFace: undefined }],
  [
    'the rates of levels',
    { calibration: { ...calibration, levelRates: calibration.levelRates.map((rate) => rate / 2) } },
  ],
  [
    'the distances of strangers',
    { calibration: { ...calibration, strangers: { ...calibration.strangers, mean: 1.3 } } },
  ],
])('%s make other distances, or other rates of them', (_, change) => {
  expect(hash(change)).not.toBe(hash());
});

test('which faces are found, what readers are told and the order of fields change no distance', () => {
  expect(hash({ detector: { ...whole.detector, scoreMin: 0.71 } })).toBe(hash());
  expect(hash({ calibration: { ...calibration, data: { source: 'measured anew', pairCount: 1 } } })).toBe(hash());
  expect(hash({ embedder: { ...embedder, licence: { name: 'MIT', data: 'known' } } })).toBe(hash());
  const reversed = (_: string, value: unknown): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).reverse())
      : value;
  const parsed = parseManifest(JSON.parse(JSON.stringify(whole, reversed)));
  if ('problems' in parsed) throw new Error(parsed.problems.join());
  expect(hashSettings(parsed.pack)).toBe(hash());
});

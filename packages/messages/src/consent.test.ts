import { expect, test } from 'vitest';
import { consentText, consentVersion, coversConfirmedFaces } from './consent.ts';

test('the text as it is now covers faces that a member confirms in photos, those before it spoke of selfies alone', () => {
  expect(coversConfirmedFaces(consentVersion)).toBe(true);
  expect(coversConfirmedFaces('2026-11-30')).toBe(true);
  for (const version of ['2026-11-25', '2020-01-01', '']) expect(coversConfirmedFaces(version), version).toBe(false);
});

test('both languages say as much, sentence by sentence', () => {
  const [en, id] = [consentText.en, consentText.id].map((text) => text.split('\n\n'));
  expect(en?.length).toBe(id?.length);
  expect(en?.filter((paragraph) => paragraph.includes('event photo that it is me'))).toHaveLength(1);
  expect(id?.filter((paragraph) => paragraph.includes('dalam foto acara adalah wajah saya'))).toHaveLength(1);
  expect(en?.filter((paragraph) => paragraph.includes('after seven days, unless another member'))).toHaveLength(1);
  expect(id?.filter((paragraph) => paragraph.includes('setelah tujuh hari, kecuali'))).toHaveLength(1);
});

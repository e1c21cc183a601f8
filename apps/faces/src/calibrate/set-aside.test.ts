import { expect, test } from 'vitest';
import { type PhotoPair, setAside } from './set-aside.ts';

const left = { left: 0.1, top: 0.1, width: 0.1, height: 0.1 };
const right = { left: 0.6, top: 0.1, width: 0.1, height: 0.1 };

function pair(distance: number, places: PhotoPair['places'] = [left, right]): PhotoPair {
  return { distance, group: 'photo', photo: 'photo', places };
}

test('a face found twice and a person seen twice are no strangers; people who are merely alike are', () => {
  const inside = pair(0.7, [left, { left: 0.12, top: 0.12, width: 0.04, height: 0.04 }]);
  const touching = pair(0.7, [left, { ...left, left: 0.19 }]);
  const mirrored = pair(0.3);
  const alike = pair(0.55);
  const sorted = setAside([inside, touching, mirrored, alike], 0.45);
  expect(sorted.overlapping).toEqual([inside]);
  expect(sorted.suspicious).toEqual([mirrored]);
  expect(sorted.kept).toEqual([touching, alike]);
});

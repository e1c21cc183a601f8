import { expect, test } from 'vitest';
import { queriesOf } from './notice-queries.ts';

test('photos in which a member was found make their photos old, and every notice the list of notices', () => {
  expect(queriesOf('{"kind":"matches_found","data":{}}')).toEqual(['notices', 'explore', 'photo', 'event']);
});

test('a kind that came with a later version is a notice all the same', () => {
  expect(queriesOf('{"kind":"hasOwnProperty"}')).toEqual(['notices']);
});

import { expect, test } from 'vitest';
import { z } from 'zod';
import { BadRequest } from '../problems/bad-request.ts';
import { decodeCursor, pageOf } from './page.ts';

const position = z.tuple([z.int()]);
const rows = [{ n: 1 }, { n: 2 }, { n: 3 }];

test('a page tells where the next one begins, and the last one tells nothing', () => {
  const { items, nextCursor } = pageOf(rows, 2, ({ n }) => [n]);
  expect(items).toEqual([{ n: 1 }, { n: 2 }]);
  expect(decodeCursor(nextCursor ?? '', position)).toEqual([2]);
  expect(pageOf(rows, 3, ({ n }) => [n]).nextCursor).toBeNull();
  expect(pageOf([], 3, () => []).nextCursor).toBeNull();
});

test('a list begins at its beginning without a cursor', () => {
  expect(decodeCursor(undefined, position)).toBeUndefined();
});

test.each([
  ['no base64', '%%%'],
  ['no JSON', Buffer.from('{').toString('base64url')],
  ["another list's", Buffer.from('["a"]').toString('base64url')],
])('a cursor that is %s is refused', (_what, cursor) => {
  let caught: unknown;
  try {
    decodeCursor(cursor, position);
  } catch (error) {
    caught = error;
  }
  expect(caught).toBeInstanceOf(BadRequest);
  expect(caught).toMatchObject({ issues: [{ instancePath: '/cursor', message: 'FIELD_NOT_CURSOR' }] });
});

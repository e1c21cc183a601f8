import { problems } from '@kilas/messages/problems.ts';
import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { createHttpApp } from '../http/http-app.ts';
import { openLog } from '../process/log.ts';
import { instant, listOf, opaque, wholeNumber } from '../values/bounds.ts';
import { line, lines, optionalLine } from '../values/text.ts';

const app = await createHttpApp({
  title: 'test',
  log: openLog('test', 'silent'),
  problems,
  corsOrigins: [],
  trustedProxies: [],
});
const body = z.strictObject({
  title: line(5).optional(),
  place: optionalLine(5).optional(),
  text: lines(5).optional(),
  token: opaque(5).optional(),
  at: instant.optional(),
  count: wholeNumber(1, 5).optional(),
  list: listOf(z.guid(), 2).optional(),
  mail: z.email().optional(),
  kind: z.enum(['a', 'b']).optional(),
  flag: z.boolean().optional(),
  real: z.number().optional(),
  inner: z.strictObject({ name: z.string() }).optional(),
  either: z.union([z.strictObject({ a: z.string() }), z.strictObject({ b: z.string() })]).optional(),
  key: z.string().regex(/^x$/).optional(),
});
app.post('/things', { schema: { body } }, async (request) => request.body);
afterAll(() => app.close());

const post = (payload: object, language = 'en') =>
  app.inject({ method: 'POST', url: '/things', payload, headers: { 'accept-language': language } });

test.each<[object, string, string]>([
  [{ title: 7 }, '/title', 'FIELD_NOT_TEXT'],
  [{ title: ' \u200b\u2060 ' }, '/title', 'FIELD_BLANK'],
  [{ title: '👟👟👟👟👟👟' }, '/title', 'FIELD_TOO_MANY_LETTERS'],
  [{ place: 'abcdef' }, '/place', 'FIELD_TOO_MANY_LETTERS'],
  [{ text: 'abcdef' }, '/text', 'FIELD_TOO_MANY_LETTERS'],
  [{ token: '' }, '/token', 'FIELD_TOO_SHORT'],
  [{ token: 'abcdef' }, '/token', 'FIELD_TOO_MANY_LETTERS'],
  [{ at: '2026-05-01' }, '/at', 'FIELD_NOT_TIME'],
  [{ at: '9999-12-31T23:59:59-01:00' }, '/at', 'FIELD_TIME_RANGE'],
  [{ count: 1.5 }, '/count', 'FIELD_NOT_WHOLE'],
  [{ count: 0 }, '/count', 'FIELD_TOO_SMALL'],
  [{ count: 6 }, '/count', 'FIELD_TOO_BIG'],
  [{ list: [] }, '/list', 'FIELD_TOO_FEW'],
  [{ list: 'x' }, '/list', 'FIELD_NOT_LIST'],
  [{ list: ['x'] }, '/list/0', 'FIELD_NOT_ID'],
  [{ list: Array(3).fill('01a22a9d-7783-7f74-bba8-81e4c6a03fd1') }, '/list', 'FIELD_TOO_MANY'],
  [{ mail: 'pélari@kilas.test' }, '/mail', 'FIELD_NOT_EMAIL'],
  [{ kind: 'c' }, '/kind', 'FIELD_NOT_ONE_OF'],
  [{ flag: 'true' }, '/flag', 'FIELD_NOT_BOOLEAN'],
  [{ real: '1' }, '/real', 'FIELD_NOT_NUMBER'],
  [{ inner: 'x' }, '/inner', 'FIELD_NOT_OBJECT'],
  [{ inner: {} }, '/inner/name', 'FIELD_MISSING'],
  [{ inner: { name: 'x', more: 1 } }, '/inner', 'FIELD_UNKNOWN'],
  [{ either: {} }, '/either', 'FIELD_INVALID'],
  [{ key: 'y' }, '/key', 'FIELD_INVALID'],
  [{ title: 'a\0' }, '/', 'FIELD_HOLDS_NUL'],
])('what does not fit in %j is said in the language of the reader', async (payload, path, code) => {
  const [english, indonesian] = await Promise.all([post(payload), post(payload, 'id')]);
  expect(english.statusCode).toBe(400);
  expect(english.json().errors).toEqual([{ path, code, message: expect.stringMatching(/[a-z]/) }]);
  expect(indonesian.json().errors).toEqual([{ path, code, message: expect.stringMatching(/[a-z]/) }]);
  expect(indonesian.json().errors[0].message).not.toBe(english.json().errors[0].message);
  expect(english.body + indonesian.body).not.toMatch(/Invalid|received|Too (big|small)|\{\w+\}/);
});

test('broken JSON is refused in the language of the reader', async () => {
  const send = (payload: string) =>
    app.inject({
      method: 'POST',
      url: '/things',
      payload,
      headers: { 'content-type': 'application/json', 'accept-language': 'id' },
    });
  expect((await send('{"a":')).json().errors).toEqual([
    { path: '/', code: 'BODY_NOT_JSON', message: problems.BODY_NOT_JSON.id },
  ]);
  expect((await send('')).json().errors).toEqual([{ path: '/', code: 'BODY_EMPTY', message: problems.BODY_EMPTY.id }]);
});

test('a text is kept clean: composed, without control letters and those that turn the text around them', async () => {
  const reply = await post({
    title: ' e\u0301\u202e a\u0007\u2066\t ',
    place: '\u200b',
    text: ' a\r\n\u0000b'.replace('\0', '\u0001'),
  });
  expect(reply.json()).toEqual({ title: 'é a', text: 'a\n b' });
  expect((await post({ title: '👟👟👟👟👟' })).statusCode).toBe(200);
  expect((await post({ title: '\u{1f469}\u200d\u{1f467}' })).json()).toEqual({ title: '\u{1f469}\u200d\u{1f467}' });
});

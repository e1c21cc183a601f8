import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { problems } from '@kilas/messages/problems.ts';
import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { openLog } from '../process/log.ts';
import { formValidator, readForm, registerFormRoutes } from './form.ts';
import { createHttpApp } from './http-app.ts';

const log = openLog('test', 'silent');
const app = await createHttpApp({ title: 'test', log, problems, corsOrigins: [], trustedProxies: [] });
const taken: unknown[] = [];
registerFormRoutes(app, (scope) => {
  const fields = z.strictObject({ note: z.string() });
  const shape = { fields, fileField: 'file', fileCountMax: 1, fileSizeMaxBytes: 1000 };
  scope.post('/forms', { validatorCompiler: formValidator }, async (request) => {
    await readForm(request, shape, async ({ stream }, { note }) => {
      for await (const _ of stream);
      taken.push(note);
    });
    return {};
  });
  scope.post('/besides', { validatorCompiler: formValidator }, async (request) => {
    const files: [string, number, boolean][] = [];
    const besides = { field: 'extra', countMax: 2, sizeMaxBytes: 10 };
    await readForm(request, { ...shape, besides }, async ({ field, stream, isTruncated }) => {
      let sizeBytes = 0;
      for await (const chunk of stream) sizeBytes += chunk.length;
      files.push([field, sizeBytes, isTruncated()]);
    });
    return { files };
  });
  scope.post('/names', { validatorCompiler: formValidator }, async (request) => {
    const names: string[] = [];
    await readForm(request, shape, async ({ name, stream }) => {
      for await (const _ of stream);
      names.push(name);
    });
    return { names };
  });
  scope.post('/full', { validatorCompiler: formValidator }, async (request) => {
    // The device of Linux that has no room for anything.
    const large = { ...shape, fileSizeMaxBytes: 10_000_000 };
    await readForm(request, large, ({ stream }) => pipeline(stream, createWriteStream('/dev/full')));
    return {};
  });
});
await app.ready();
afterAll(() => app.close());

async function send(note: string, url = '/forms', bytes = 'bytes') {
  const form = new FormData();
  form.append('note', note);
  form.append('file', new Blob([bytes]), 'file.bin');
  const body = new Response(form);
  const headers = { 'content-type': body.headers.get('content-type') ?? '' };
  return app.inject({ method: 'POST', url, headers, payload: Buffer.from(await body.arrayBuffer()) });
}

test('a field with NUL in it, which no database keeps, is refused before the file is taken', async () => {
  const refused = await send('a\0b');
  expect(refused.json()).toMatchObject({ status: 400, code: 'REQUEST_INVALID' });
  expect((await send('ab')).statusCode).toBe(200);
  expect(taken).toEqual(['ab']);
});

test('files of another name come besides, with a number and a size of their own', async () => {
  const sendAll = async (...files: [string, number][]) => {
    const form = new FormData();
    form.append('note', 'a');
    for (const [field, size] of files) form.append(field, new Blob(['x'.repeat(size)]), 'a');
    const body = new Response(form);
    const headers = { 'content-type': body.headers.get('content-type') ?? '' };
    const payload = Buffer.from(await body.arrayBuffer());
    return (await app.inject({ method: 'POST', url: '/besides', headers, payload })).json();
  };
  expect(await sendAll(['extra', 10], ['file', 1000], ['extra', 11])).toEqual({
    files: [
      ['extra', 10, false],
      ['file', 1000, false],
      ['extra', 10, true],
    ],
  });
  expect(await sendAll(['file', 1001])).toEqual({ files: [['file', 1000, true]] });
  expect(await sendAll(['file', 1], ['extra', 1], ['extra', 1], ['extra', 1])).toMatchObject({
    code: 'TOO_MANY_FILES',
  });
  expect(await sendAll(['file', 1], ['file', 1])).toMatchObject({ code: 'TOO_MANY_FILES' });
  expect(await sendAll(['extra', 1])).toMatchObject({ code: 'FILE_MISSING' });
  expect(await sendAll(['file', 1], ['other', 1])).toMatchObject({ code: 'FILE_FIELD_UNKNOWN' });
});

test.skipIf(process.platform !== 'linux')(
  'a disk that is full is ours to say, with a time to come again, and no fault of the form',
  async () => {
    const refused = await send('a', '/full', 'x'.repeat(5_000_000));
    expect(refused.json()).toMatchObject({ status: 507, code: 'DISK_FULL' });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  },
);

test('a file is called as its part says, in UTF-8 or by filename* alone, which counts for nothing beside filename (RFC 7578, 4.2)', async () => {
  const nameOf = async (disposition: string) => {
    const note = '--x\r\ncontent-disposition: form-data; name="note"\r\n\r\na\r\n';
    const file = `--x\r\ncontent-disposition: form-data; name="file"; ${disposition}\r\n\r\nbytes\r\n--x--\r\n`;
    const headers = { 'content-type': 'multipart/form-data; boundary=x' };
    return (await app.inject({ method: 'POST', url: '/names', headers, payload: note + file })).json().names[0];
  };
  expect(await nameOf('filename="naïve.jpg"')).toBe('naïve.jpg');
  expect(await nameOf("filename*=UTF-8''na%C3%AFve2.jpg")).toBe('naïve2.jpg');
  expect(await nameOf(`filename="naive.jpg"; filename*=UTF-8''na%C3%AFve2.jpg`)).toBe('naive.jpg');
});

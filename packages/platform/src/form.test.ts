import { problems } from '@kilas/messages/problems.ts';
import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { formValidator, readForm, registerFormRoutes } from './form.ts';
import { createHttpApp } from './http.ts';
import { openLog } from './log.ts';

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
});
await app.ready();
afterAll(() => app.close());

async function send(note: string) {
  const form = new FormData();
  form.append('note', note);
  form.append('file', new Blob(['bytes']), 'file.bin');
  const body = new Response(form);
  const headers = { 'content-type': body.headers.get('content-type') ?? '' };
  return app.inject({ method: 'POST', url: '/forms', headers, payload: Buffer.from(await body.arrayBuffer()) });
}

test('a field with NUL in it, which no database keeps, is refused before the file is taken', async () => {
  const refused = await send('a\0b');
  expect(refused.json()).toMatchObject({ status: 400, code: 'REQUEST_INVALID' });
  expect((await send('ab')).statusCode).toBe(200);
  expect(taken).toEqual(['ab']);
});

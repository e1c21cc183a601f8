import { once } from 'node:events';
import { connect } from 'node:net';
import type { Member } from '@kilas/testkit/sign-up.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { makeImage } from '../testing/images.ts';
import { beginRequest, type SlowRequest, trickle } from '../testing/slow-request.ts';
import { startUploads, type UploadSystem } from '../testing/start-uploads.ts';

let uploads: UploadSystem;
let url: string;
/** As `uploads`, where a second without a byte ends a request. */
let hasty: UploadSystem;
let hastyUrl: string;

beforeAll(async () => {
  uploads = await startUploads({ isWorking: false, env: { UPLOADS_AT_ONCE_MAX: '16' } });
  url = await uploads.system.app.listen({ host: '127.0.0.1', port: 0 });
  hasty = await startUploads({ isWorking: false, env: { BODY_IDLE_SECONDS_MAX: '1' } });
  hastyUrl = await hasty.system.app.listen({ host: '127.0.0.1', port: 0 });
});

afterAll(async () => {
  await uploads?.close();
  await hasty?.close();
});

const listSpool = async (system: UploadSystem) => (await system.listFiles()).filter((file) => file.includes('spool'));
const partHead = (field: string) => `--x\r\ncontent-disposition: form-data; name="${field}"; filename="a.jpg"\r\n\r\n`;
const photoHead = `--x\r\ncontent-disposition: form-data; name="priceIdr"\r\n\r\n1000\r\n${partHead('photo')}`;

/** Sends the headers of a form of 50 MB, the beginning of a file and nothing more. */
function begin(base: string, route: string, headers: Member['headers'], body: string | Buffer): Promise<SlowRequest> {
  const of = [`POST ${route} HTTP/1.1`, 'host: localhost', `authorization: ${headers.authorization}`];
  return beginRequest(base, [...of, 'content-type: multipart/form-data; boundary=x', 'content-length: 50000000'], body);
}

test('four accounts whose uploads trickle in all places keep no photo of anybody else out', async () => {
  const attackers = await Promise.all(Array.from({ length: 4 }, () => uploads.signUp({ creator: true })));
  const clients: SlowRequest[] = [];
  for (const { headers } of attackers) {
    for (let count = 0; count < 4; count++) {
      clients.push(await begin(url, '/v1/uploads/photo', headers, `${photoHead}JFIF`));
    }
  }
  for (const client of clients) trickle(client);
  await waitFor(async () => (await listSpool(uploads)).length >= 8, { what: 'their uploads to run' });
  for (let count = 0; count < 3; count++) {
    const honest = await uploads.signUp({ creator: true });
    const parts = [
      ['priceIdr', '1000'],
      ['photo', await makeImage(), 'a.jpg'],
    ] as const;
    const reply = await uploads.send('/v1/uploads/photo', honest.headers, parts);
    expect(reply.json()).toMatchObject({ status: 'raw' });
  }
  await waitFor(() => clients.some(({ answer }) => answer().includes('UPLOADS_BUSY')), {
    what: 'one to hear that it left',
  });
  for (const { socket } of clients) socket.destroy();
  await waitFor(async () => (await listSpool(uploads)).length === 0, { what: 'nothing to be left of them' });
});

test('nor do four accounts whose selfies trickle keep a selfie out', async () => {
  const attackers = await Promise.all(Array.from({ length: 4 }, () => uploads.signUp({ consent: true })));
  for (const { headers } of attackers) {
    for (let count = 0; count < 4; count++) {
      trickle(await begin(url, '/v1/facecams', headers, `${partHead('selfie')}JFIF`));
    }
  }
  await waitFor(async () => (await listSpool(uploads)).length >= 8, { what: 'their selfies to be received' });
  const honest = await uploads.signUp({ consent: true });
  const reply = await uploads.send('/v1/facecams', honest.headers, [['selfie', Buffer.from('no picture'), 'a.jpg']]);
  // It was received and looked at.
  expect(reply.json()).toMatchObject({ code: 'NOT_AN_IMAGE' });
});

test.each([
  ['a body that never begins', ''],
  ['a form that stands still in a field', '--x\r\ncontent-disposition: form-data; name="title"\r\n\r\nFin'],
  ['a file that stands still', `${photoHead}JFIF`],
])('%s is given up: the client hears why, the connection ends and nothing is left', async (_what, body) => {
  const { headers } = await hasty.signUp({ creator: true });
  for (const route of ['/v1/uploads/photo', '/v1/uploads/photos']) {
    const client = await begin(hastyUrl, route, headers, body);
    await once(client.socket, 'close');
    expect(client.answer()).toMatch(/^HTTP\/1.1 408 /);
    expect(client.answer()).toContain('"code":"BODY_TOO_SLOW"');
    expect(client.answer()).toContain('no pause may be longer than 1 seconds');
  }
  await waitFor(async () => (await listSpool(hasty)).length === 0, { what: 'nothing to be left' });
});

test('so is a body that is no form', async () => {
  const client = await begin(hastyUrl, '/v1/auth/sign-in', { authorization: '' }, '');
  const json = connect(Number(new URL(hastyUrl).port), '127.0.0.1');
  onTestFinished(() => void json.destroy());
  let answer = '';
  json.setEncoding('utf8').on('data', (chunk) => {
    answer += chunk;
  });
  json.write(
    'POST /v1/auth/sign-in HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 90\r\n\r\n{"l',
  );
  await once(json, 'close');
  expect(answer).toContain('"code":"BODY_TOO_SLOW"');
  // Refused at once for what it is; what it goes on to send is not waited for either.
  await waitFor(() => client.socket.closed, { what: 'the other connection to end' });
  expect(client.answer()).toMatch(/^HTTP\/1.1 4/);
});

test('the photos of a batch that arrived before it stood still keep their answers', async () => {
  const { headers } = await hasty.signUp({ creator: true });
  const next = Buffer.from(`\r\n${partHead('photo')}JF`);
  const first = Buffer.concat([Buffer.from(photoHead), await makeImage(), next]);
  const client = await begin(hastyUrl, '/v1/uploads/photos', headers, first);
  await once(client.socket, 'close');
  expect(client.answer()).toMatch(/^HTTP\/1.1 207 /);
  expect(client.answer()).toContain('"outcome":"accepted"');
  expect(client.answer()).toContain('"code":"BODY_TOO_SLOW"');
});

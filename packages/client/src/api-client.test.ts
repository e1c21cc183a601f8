import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { ApiClient, ApiError, answerOf, asForm } from './api-client.ts';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** Answers with the same to all; tells what it was asked. */
async function answering(status: number, body: unknown) {
  const asked: { line: string; token: string | undefined; body: string }[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const part of request) text += String(part);
    asked.push({ line: `${request.method} ${request.url}`, token: request.headers.authorization, body: text });
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

test('a refusal is an error that holds what the API says to a person', async () => {
  const { url } = await answering(404, { detail: 'There is no such photo.' });
  const asked = new ApiClient(url).rest.GET('/v1/photos/{photoId}', { params: { path: { photoId: 'a/b' } } });
  const error = await asked.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ status: 404, refusal: 'There is no such photo.' });
  expect(String(error)).toContain('GET /v1/photos/a%2Fb answered 404');
});

test('a fault of the server is nobody’s refusal', async () => {
  const { url } = await answering(500, { detail: 'Something went wrong.' });
  await expect(new ApiClient(url).list('/v1/explore')).rejects.toMatchObject({ status: 500, refusal: undefined });
});

test('the token goes to the API alone, never along with a link to elsewhere', async () => {
  const [api, storage] = [await answering(200, { url: '' }), await answering(200, {})];
  const member = new ApiClient(api.url, { token: 'secret' });
  await answerOf(member.rest.GET('/v1/me'));
  await member.bytes('/dev/mail.json');
  await member.bytes(`${storage.url}/photo.jpg`);
  expect(api.asked.map(({ token }) => token)).toEqual(['Bearer secret', 'Bearer secret']);
  expect(storage.asked.map(({ token }) => token)).toEqual([undefined]);
});

test('a form keeps its order, every file of a field, and leaves out what is undefined', async () => {
  const form = asForm({ priceIdr: '1', title: undefined, photo: [new File(['a'], 'a.jpg'), new File(['b'], 'b.jpg')] });
  const parts = [...form].map(([name, value]) => [name, typeof value === 'string' ? value : value.name]);
  expect(parts).toEqual([
    ['priceIdr', '1'],
    ['photo', 'a.jpg'],
    ['photo', 'b.jpg'],
  ]);
});

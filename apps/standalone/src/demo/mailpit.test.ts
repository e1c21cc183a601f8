import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { mailpitReader } from './mailpit.ts';

/** Two routes of Mailpit's API, with the answers of version 1.22 cut down to what is read. */
const server = createServer((request, response) => {
  const url = new URL(request.url ?? '', 'http://localhost');
  response.setHeader('content-type', 'application/json');
  if (url.pathname === '/api/v1/search') {
    const isKnown = url.searchParams.get('query') === 'to:"member+1@example.com"';
    return response.end(JSON.stringify({ total: 9, messages: isKnown ? [{ ID: 'a1', Subject: 'Hello' }] : [] }));
  }
  if (url.pathname === '/api/v1/message/a1')
    return response.end(JSON.stringify({ ID: 'a1', Text: 'a link', HTML: '' }));
  return response.writeHead(404).end('{}');
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
afterAll(() => void server.close());

test('the texts of the mails to one address are read', async () => {
  expect(await mailpitReader(url)('member+1@example.com')).toEqual(['a link']);
  expect(await mailpitReader(url)('nobody@example.com')).toEqual([]);
});

test('a catcher that does not answer is an error', async () => {
  await expect(mailpitReader(`${url}/gone`)('member+1@example.com')).rejects.toThrow('answered 404');
});

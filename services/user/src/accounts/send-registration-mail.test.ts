import { signUpMember } from '@kilas/testkit/sign-up.ts';
import { startSystem, type TestSystem } from '@kilas/testkit/start-system.ts';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listMails, newName, register, tokenIn, verify, waitForMails } from '../testing/client.ts';

let system: TestSystem;
let client: pg.Client;
beforeAll(async () => {
  system = await startSystem({ services: ['user'] });
  client = new pg.Client({ connectionString: system.databaseUrls.user });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await system.close();
});

test('a mail that could not be sent yet is sent later', async () => {
  await system.service('user').hold();
  const name = newName();
  const email = `${name}@kilas.test`;
  expect((await register(system, { email, username: name })).statusCode).toBe(202);
  expect(await listMails(system, email)).toEqual([]);
  await system.service('user').work();
  const [mail] = await waitForMails(system, email, 1);
  expect((await verify(system, tokenIn(mail?.text))).statusCode).toBe(204);
});

test('the token of a link stands in the mail and nowhere else', async () => {
  const name = newName();
  const email = `${name}@kilas.test`;
  await register(system, { email, username: name });
  const [mail] = await waitForMails(system, email, 1);
  const token = tokenIn(mail?.text);
  const jobs = await client.query<{ data: string }>('select data::text as data from jobs.job');
  const links = await client.query<{ row: string }>('select verification_links::text as row from verification_links');
  expect(jobs.rows.length).toBeGreaterThan(0);
  expect(links.rows.length).toBeGreaterThan(0);
  expect([...jobs.rows.map(({ data }) => data), ...links.rows.map(({ row }) => row)].join()).not.toContain(token);
});

test('a mail job that ran twice leaves two links that work, once', async () => {
  const name = newName();
  const email = `${name}@kilas.test`;
  await register(system, { email, username: name });
  await waitForMails(system, email, 1);
  await system.app.inject({ method: 'POST', url: '/v1/auth/resend-verification', payload: { email } });
  const [second, first] = await waitForMails(system, email, 2);
  expect((await verify(system, tokenIn(first?.text))).statusCode).toBe(204);
  expect((await verify(system, tokenIn(second?.text))).json()).toMatchObject({ code: 'VERIFICATION_LINK_USED' });
});

test('asking for the link again is answered the same for every address', async () => {
  const member = await signUpMember(system);
  const ask = (email: string) =>
    system.app.inject({ method: 'POST', url: '/v1/auth/resend-verification', payload: { email } });
  const stranger = `${newName()}@kilas.test`;
  const [known, unknown] = [await ask(member.email), await ask(stranger)];
  expect(known.statusCode).toBe(202);
  expect({ status: known.statusCode, body: known.body }).toEqual({ status: unknown.statusCode, body: unknown.body });
  const [toOwner] = await waitForMails(system, member.email, 2);
  expect(toOwner?.subject).toBe('You already have an account');
  expect(await listMails(system, stranger)).toEqual([]);
});

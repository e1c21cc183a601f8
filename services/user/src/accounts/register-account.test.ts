import { signUpMember } from '@kilas/testkit/sign-up.ts';
import { startSystem, type TestSystem } from '@kilas/testkit/start-system.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newName, password, register, signIn, tokenIn, verify, waitForMails } from '../testing/client.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem({ services: ['user'] });
});
afterAll(() => system.close());

test('registering is answered the same whether the address has an account or not; only the mail tells', async () => {
  const member = await signUpMember(system);
  const stranger = `${newName()}@kilas.test`;
  const known = await register(system, { email: member.email, username: newName() });
  const unknown = await register(system, { email: stranger, username: newName() });
  expect(known.statusCode).toBe(202);
  expect({ status: known.statusCode, body: known.body }).toEqual({ status: unknown.statusCode, body: unknown.body });
  const [toOwner] = await waitForMails(system, member.email, 2);
  expect(toOwner?.subject).toBe('You already have an account');
  expect(toOwner?.text).not.toContain('token=');
  const [toStranger] = await waitForMails(system, stranger, 1);
  expect(toStranger?.subject).toBe('Confirm your e-mail address');
});

test('an address is one address however it is written', async () => {
  const name = newName();
  await register(system, { email: ` ${name.toUpperCase()}@Kilas.TEST `, username: name });
  const [mail] = await waitForMails(system, `${name}@kilas.test`, 1);
  expect((await verify(system, tokenIn(mail?.text))).statusCode).toBe(204);
  expect((await signIn(system, `${name.toUpperCase()}@KILAS.test`)).statusCode).toBe(200);
});

test('a username belongs to one account', async () => {
  const member = await signUpMember(system);
  const response = await register(system, {
    email: `${newName()}@kilas.test`,
    username: member.username.toUpperCase(),
  });
  expect(response.statusCode).toBe(409);
  expect(response.json()).toMatchObject({ code: 'USERNAME_TAKEN' });
});

test.each([
  ['a password of nine characters', { password: '123456789' }],
  ['a password of 201 characters', { password: 'x'.repeat(201) }],
  ['a username of two characters', { username: 'ab' }],
  ['a username with an @', { username: 'some@name' }],
  ['an address without a domain', { email: 'nobody' }],
  ['an id of its own choice', { accountId: '01a1fcff-4a7e-7b61-bf89-3e6463b45789' }],
  ['a role', { roles: ['operator'] }],
])('%s is refused', async (_what, fields) => {
  const name = newName();
  const payload = { email: `${name}@kilas.test`, username: name, password, ...fields };
  const response = await system.app.inject({ method: 'POST', url: '/v1/auth/register', payload });
  expect(response.statusCode).toBe(400);
  expect(response.json()).toMatchObject({ code: 'REQUEST_INVALID' });
});

test('an address is one account however its domain is written', async () => {
  const name = newName();
  const [typed, latin] = [`${name}@Bücher.example`, `${name}@xn--bcher-kva.example`];
  await register(system, { email: ` ${typed} `, username: name });
  const [mail] = await waitForMails(system, latin, 1);
  expect((await verify(system, tokenIn(mail?.text))).statusCode).toBe(204);
  for (const login of [typed, latin, typed.normalize('NFD'), latin.toUpperCase(), name]) {
    expect((await signIn(system, login)).json(), login).toMatchObject({ account: { email: latin, username: name } });
  }
  await register(system, { email: typed, username: newName() });
  const mails = await waitForMails(system, typed, 2);
  expect(mails[0]?.subject).toBe('You already have an account');
});

test('an address whose mailbox is not written in Latin letters is refused with the reason', async () => {
  for (const email of ['pélari@kilas.test', '用户@kilas.test', '\u212aelvin@kilas.test']) {
    const payload = { email, username: newName(), password };
    const headers = { 'accept-language': 'id' };
    const answer = await system.app.inject({ method: 'POST', url: '/v1/auth/register', payload, headers });
    expect(answer.statusCode).toBe(400);
    expect(answer.json().errors).toEqual([
      { path: '/email', code: 'FIELD_NOT_EMAIL', message: expect.stringContaining('huruf Latin') },
    ]);
  }
});

test('a double click registers one account', async () => {
  const name = newName();
  const account = { email: `${name}@kilas.test`, username: name };
  const [first, second] = await Promise.all([register(system, account), register(system, account)]);
  expect([first?.statusCode, second?.statusCode]).toEqual([202, 202]);
  const mails = await waitForMails(system, account.email, 2);
  const answers = await Promise.all(mails.map(({ text }) => verify(system, tokenIn(text))));
  expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([204, 422]);
  expect(answers.find(({ statusCode }) => statusCode === 422)?.json()).toMatchObject({
    code: 'VERIFICATION_LINK_USED',
  });
  expect((await signIn(system, name)).statusCode).toBe(200);
});

test.each(['before', 'after'])(
  'who registers the address of another %s them gets nothing of the account',
  async (when) => {
    const victim = { email: `${newName()}@kilas.test`, username: newName(), password: 'the password of the victim' };
    const attacker = { email: victim.email, username: newName(), password: 'the password of the attacker' };
    for (const registration of when === 'before' ? [attacker, victim] : [victim, attacker]) {
      expect((await register(system, registration)).statusCode).toBe(202);
    }
    const mails = await waitForMails(system, victim.email, 2);
    const own = mails.find(({ text }) => text.includes(victim.username));
    const foreign = mails.find(({ text }) => text.includes(attacker.username));
    expect((await verify(system, tokenIn(own?.text))).statusCode).toBe(204);
    const account = await signIn(system, victim.email, victim.password);
    expect(account.json()).toMatchObject({ account: { username: victim.username, email: victim.email } });
    expect((await signIn(system, victim.email, attacker.password)).json()).toMatchObject({ code: 'SIGN_IN_FAILED' });
    expect((await signIn(system, attacker.username, attacker.password)).json()).toMatchObject({
      code: 'SIGN_IN_FAILED',
    });
    expect((await verify(system, tokenIn(foreign?.text))).json()).toMatchObject({ code: 'VERIFICATION_LINK_USED' });
  },
);

test('a registration reserves no username: who verifies first has it, and the other chooses again', async () => {
  const username = newName();
  const [first, second] = [`${newName()}@kilas.test`, `${newName()}@kilas.test`];
  await register(system, { email: first, username });
  await register(system, { email: second, username });
  const [toFirst] = await waitForMails(system, first, 1);
  const [toSecond] = await waitForMails(system, second, 1);
  expect((await verify(system, tokenIn(toSecond?.text))).statusCode).toBe(204);
  const late = await verify(system, tokenIn(toFirst?.text));
  expect(late.statusCode).toBe(409);
  expect(late.json()).toMatchObject({ code: 'USERNAME_TAKEN' });
});

test('mails are in the language of the member', async () => {
  const chosen = newName();
  await register(system, { email: `${chosen}@kilas.test`, username: chosen, locale: 'id' });
  const [mail] = await waitForMails(system, `${chosen}@kilas.test`, 1);
  expect(mail?.subject).toBe('Konfirmasikan alamat surel Anda');
  expect(mail?.html).toContain('<html lang="id">');
});

test('strangers can have few mails sent to an address', async () => {
  const email = `${newName()}@kilas.test`;
  for (let count = 0; count < 5; count++) {
    expect((await register(system, { email, username: newName() })).statusCode).toBe(202);
  }
  const response = await register(system, { email, username: newName() });
  expect(response.statusCode).toBe(429);
  expect(response.json()).toMatchObject({ code: 'TOO_MANY_REQUESTS' });
  expect(Number(response.headers['retry-after'])).toBeGreaterThan(0);
  const resend = await system.app.inject({ method: 'POST', url: '/v1/auth/resend-verification', payload: { email } });
  expect(resend.statusCode).toBe(429);
});

test('one address does not register, or try out usernames, without end', async () => {
  const { username } = await signUpMember(system);
  const attempt = (remoteAddress: string) => {
    const payload = { email: `${newName()}@kilas.test`, username, password };
    return system.app.inject({ method: 'POST', url: '/v1/auth/register', payload, remoteAddress });
  };
  for (let count = 0; count < 200; count++) expect((await attempt('10.7.7.7')).statusCode).toBe(409);
  expect((await attempt('10.7.7.7')).statusCode).toBe(429);
  expect((await attempt('10.7.7.8')).statusCode).toBe(409);
});

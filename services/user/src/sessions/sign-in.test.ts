import { type Member, signUpMember } from '@kilas/testkit/sign-up.ts';
import { startSystem, type TestSystem } from '@kilas/testkit/start-system.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newName, password, register, signIn } from '../testing/client.ts';

let system: TestSystem;
let member: Member;
beforeAll(async () => {
  system = await startSystem({ services: ['user'] });
  member = await signUpMember(system, { name: 'Budi' });
});
afterAll(() => system.close());

const answerOf = ({ statusCode, body }: { statusCode: number; body: string }) => {
  const { requestId: _, ...problem } = JSON.parse(body);
  return { statusCode, problem };
};

test.each(['email', 'username'] as const)('a member signs in with their %s', async (login) => {
  const response = await signIn(system, member[login]);
  expect(response.statusCode).toBe(200);
  expect(response.headers['cache-control']).toBe('no-store');
  expect(response.json()).toMatchObject({ account: { accountId: member.accountId, username: member.username } });
});

test('a wrong password and an unknown account are answered the same', async () => {
  const wrong = await signIn(system, member.email, 'not the password');
  const unknown = await signIn(system, `${newName()}@kilas.test`, 'not the password');
  expect(wrong.statusCode).toBe(401);
  expect(wrong.json()).toMatchObject({ code: 'SIGN_IN_FAILED' });
  expect(answerOf(wrong)).toEqual(answerOf(unknown));
});

test('a wrong password and an unknown account take the same time', async () => {
  const took = async (login: string, address: string) => {
    const start = performance.now();
    await signIn(system, login, 'not the password', address);
    return performance.now() - start;
  };
  const known: number[] = [];
  const unknown: number[] = [];
  for (let round = 0; round < 7; round++) {
    known.push(await took(member.username, '10.1.1.1'));
    unknown.push(await took('nobody_of_this_name', '10.1.1.1'));
  }
  const median = (times: number[]) => times.sort((a, b) => a - b)[3] ?? 0;
  // Without the comparison against nobody's hash it would be a twentieth.
  expect(median(unknown)).toBeGreaterThan(median(known) / 2);
});

test('only the right password tells that the address is not verified yet', async () => {
  const username = newName();
  await register(system, { email: `${username}@kilas.test`, username });
  const right = await signIn(system, username);
  expect(right.statusCode).toBe(403);
  expect(right.json()).toMatchObject({ code: 'EMAIL_NOT_VERIFIED' });
  expect((await signIn(system, username, 'not the password')).json()).toMatchObject({ code: 'SIGN_IN_FAILED' });
});

test('who registers an address and then signs in does not learn whether it has an account', async () => {
  const probe = async (email: string) => {
    const username = newName();
    await register(system, { email, username, password: 'a password of the prober' });
    const answers = [await signIn(system, email, 'a password of the prober')];
    answers.push(await signIn(system, username, 'a password of the prober'));
    return answers.map(answerOf);
  };
  expect(await probe(member.email)).toEqual(await probe(`${newName()}@kilas.test`));
});

test('after ten failures a login has to wait at that address, also with the right password', async () => {
  const victim = await signUpMember(system);
  for (let count = 0; count < 10; count++) {
    expect((await signIn(system, victim.username, 'not the password', '10.2.2.2')).statusCode).toBe(401);
  }
  const refused = await signIn(system, victim.username, password, '10.2.2.2');
  expect(refused.statusCode).toBe(429);
  expect(refused.json()).toMatchObject({ code: 'TOO_MANY_REQUESTS' });
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  // The owner, elsewhere, is not locked out by it.
  expect((await signIn(system, victim.username, password, '10.3.3.3')).statusCode).toBe(200);
});

test('many addresses together do not get more than thirty attempts at one account', async () => {
  const victim = await signUpMember(system);
  for (let count = 0; count < 30; count++) {
    expect((await signIn(system, victim.username, 'not the password', `10.4.4.${count}`)).statusCode).toBe(401);
  }
  expect((await signIn(system, victim.username, password, '10.4.4.99')).statusCode).toBe(429);
});

test('strangers who use up the attempts at an account do not lock its owner out where they signed in before', async () => {
  const owner = await signUpMember(system);
  expect((await signIn(system, owner.username, password, '10.7.7.7')).statusCode).toBe(200);
  for (let count = 0; count < 31; count++) await signIn(system, owner.username, 'not the password', `10.8.8.${count}`);
  expect((await signIn(system, owner.username, password, '10.8.8.99')).statusCode).toBe(429);
  expect((await signIn(system, owner.username, password, '10.7.7.7')).statusCode).toBe(200);
  for (let count = 0; count < 10; count++) await signIn(system, owner.username, 'not the password', '10.7.7.7');
  expect((await signIn(system, owner.username, password, '10.7.7.7')).statusCode).toBe(429);
});

test('the addresses of one IPv6 network count as one', async () => {
  const victim = await signUpMember(system);
  for (let count = 0; count < 10; count++) {
    await signIn(system, victim.username, 'not the password', `2001:db8:7:7::${count}`);
  }
  expect((await signIn(system, victim.username, password, '2001:db8:7:7:1:2:3:4')).statusCode).toBe(429);
  expect((await signIn(system, victim.username, password, '2001:db8:7:8::1')).statusCode).toBe(200);
});

test('one address does not try one login after the other without end', async () => {
  for (let count = 0; count < 300; count++) await signIn(system, 'nobody_of_this_name', 'not the password', '10.6.6.6');
  expect((await signIn(system, member.username, password, '10.6.6.6')).statusCode).toBe(429);
  expect((await signIn(system, member.username, password, '10.6.6.7')).statusCode).toBe(200);
});

test('a body that names an account is refused', async () => {
  const payload = { login: member.email, password, accountId: member.accountId };
  const response = await system.app.inject({ method: 'POST', url: '/v1/auth/sign-in', payload });
  expect(response.statusCode).toBe(400);
});

test('an account has at most twenty sessions: the one unused for longest makes room', async () => {
  const busy = await signUpMember(system);
  for (let count = 0; count < 20; count++) await signIn(system, busy.username, password, '10.5.5.5');
  const first = await system.app.inject({ url: '/v1/me', headers: busy.headers });
  expect(first.json()).toMatchObject({ code: 'SESSION_ENDED' });
});

import { CreatorJoinedSchema } from '@kilas/contracts/gen/kilas/user/v1/events_pb.js';
import { type Member, signUpMember } from '@kilas/testkit/sign-up.ts';
import { startSystem, type TestSystem } from '@kilas/testkit/start-system.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { listenAs } from '../testing/subscriber.ts';

let system: TestSystem;
let member: Member;
let heard: readonly { creatorId: string; displayName: string }[];
beforeAll(async () => {
  system = await startSystem({ services: ['user'] });
  ({ heard } = listenAs(system, 'photo', CreatorJoinedSchema));
});
beforeEach(async () => {
  member = await signUpMember(system);
});
afterAll(() => system.close());

const become = (payload: object) =>
  system.app.inject({ method: 'POST', url: '/v1/me/creator', headers: member.headers, payload });
const heardNames = () =>
  heard.filter(({ creatorId }) => creatorId === member.accountId).map((event) => event.displayName);

test('a member becomes a creator at once, and photo is told', async () => {
  const response = await become({ displayName: '  Budi Lari ' });
  expect(response.statusCode).toBe(200);
  expect(response.json()).toMatchObject({ roles: ['creator'], creator: { displayName: 'Budi Lari' } });
  const me = await system.app.inject({ url: '/v1/me', headers: member.headers });
  expect(me.json()).toMatchObject({ accountId: member.accountId, roles: ['creator'] });
  await waitFor(() => heardNames().length === 1, { what: 'photo to be told' });
  expect(heardNames()).toEqual(['Budi Lari']);
});

test('becoming a creator again changes the name only, and photo hears of changes alone', async () => {
  const first = (await become({ displayName: 'One' })).json();
  await become({ displayName: 'One' });
  const second = (await become({ displayName: 'Two' })).json();
  expect(second.creator).toEqual({ displayName: 'Two', joinedAt: first.creator.joinedAt });
  await waitFor(() => heardNames().length === 2, { what: 'photo to be told twice' });
  expect(heardNames()).toEqual(['One', 'Two']);
});

test.each([{ displayName: '   ' }, { displayName: 'x'.repeat(61) }, { displayName: 'One', accountId: 'another' }, {}])(
  '%j is refused',
  async (payload) => {
    expect((await become(payload)).statusCode).toBe(400);
  },
);

test('nobody becomes a creator without signing in', async () => {
  const response = await system.app.inject({ method: 'POST', url: '/v1/me/creator', payload: { displayName: 'One' } });
  expect(response.json()).toMatchObject({ status: 401, code: 'TOKEN_MISSING' });
});

test('a display name that changes without end has to wait', async () => {
  for (let count = 0; count < 20; count++)
    expect((await become({ displayName: `Name ${count}` })).statusCode).toBe(200);
  expect((await become({ displayName: 'One more' })).json()).toMatchObject({ status: 429, code: 'TOO_MANY_REQUESTS' });
});

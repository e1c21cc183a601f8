import { problems } from '@kilas/messages/problems.ts';
import { createHttpApp } from '@kilas/platform/http/http-app.ts';
import { openLog } from '@kilas/platform/process/log.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { oneTimeEntrance } from './one-time-entrance.ts';

const member = { login: 'member@example.com', password: 'a password of the demo' };
const entrance = oneTimeEntrance();
const signedIn: unknown[] = [];
let app: Awaited<ReturnType<typeof createHttpApp>>;

beforeAll(async () => {
  const log = openLog('test', 'silent');
  app = await createHttpApp({ title: 'test', log, problems, corsOrigins: [], trustedProxies: [] });
  app.post('/v1/auth/sign-in', async (request, reply) => {
    signedIn.push(request.body);
    return reply.header('set-cookie', 'refresh=x; HttpOnly').send({});
  });
  await entrance.register(app);
  await app.ready();
});
afterAll(() => app.close());

const open = async (link: string) => {
  const { statusCode, headers } = await app.inject(link);
  return { statusCode, to: headers.location, cookie: headers['set-cookie'] };
};
const inside = { statusCode: 303, to: '/photos#signed-in', cookie: 'refresh=x; HttpOnly' };
const outside = { statusCode: 303, to: '/sign-in', cookie: undefined };

test('nobody comes in before there is a link, nor by another one', async () => {
  expect(await open('/demo/enter/')).not.toMatchObject(inside);
  expect(await open('/demo/enter/x')).toEqual(outside);
  const link = entrance.linkFor('', member);
  expect(await open(`${link.slice(0, -1)}_`)).toEqual(outside);
  expect(signedIn).toEqual([]);
});

test('a link signs in once, and a newer one makes it worthless', async () => {
  const old = entrance.linkFor('', member);
  const link = entrance.linkFor('', member);
  expect(await open(old)).toEqual(outside);
  expect(await open(link)).toEqual(inside);
  expect(signedIn).toEqual([{ ...member, delivery: 'cookie' }]);
  expect(await open(link)).toEqual(outside);
  expect(signedIn).toHaveLength(1);
});

test('of two who open the link at once one comes in', async () => {
  const link = entrance.linkFor('', member);
  const both = await Promise.all([open(link), open(link)]);
  expect(both).toContainEqual(inside);
  expect(both).toContainEqual(outside);
});

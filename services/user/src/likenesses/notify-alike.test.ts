import { create, toBinary } from '@bufbuild/protobuf';
import { createClient } from '@connectrpc/connect';
import { EventService } from '@kilas/contracts/gen/kilas/platform/v1/event_service_pb.js';
import { FaceEnrolledTwiceSchema } from '@kilas/contracts/gen/kilas/upload/v1/events_pb.js';
import { newId } from '@kilas/platform/process/ids.ts';
import { type Member, signUpMember } from '@kilas/testkit/sign-up.ts';
import { startSystem, type TestSystem } from '@kilas/testkit/start-system.ts';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';

let system: TestSystem;
let [anna, bela]: Member[] = [];

beforeAll(async () => {
  system = await startSystem({ services: ['user'] });
});

beforeEach(async () => {
  [anna, bela] = [await signUpMember(system, { consent: true }), await signUpMember(system, { consent: true })];
});

afterAll(() => system.close());

/** As upload tells that `member` enrolled a face like those of the others. */
async function enrolledTwice(member: Member | undefined, others: readonly (Member | undefined)[], eventId = newId()) {
  const message = create(FaceEnrolledTwiceSchema, {
    memberId: member?.accountId ?? '',
    otherMemberIds: others.map((other) => other?.accountId ?? ''),
  });
  const payload = toBinary(FaceEnrolledTwiceSchema, message);
  const events = createClient(EventService, system.peersAs('upload')('user'));
  return (await events.deliver({ eventId, type: FaceEnrolledTwiceSchema.typeName, payload })).effects;
}

const page = z.object({ items: z.array(z.object({ kind: z.string(), data: z.unknown() })) });

async function inboxOf(member: Member | undefined) {
  const reply = await system.app.inject({ url: '/v1/me/notifications', headers: member?.headers ?? {} });
  return { ...page.parse(reply.json()), text: reply.body };
}

async function changeConsent(member: Member | undefined, method: 'DELETE' | 'PUT') {
  const consent = { url: '/v1/me/consent', headers: member?.headers ?? {} };
  const { current } = (await system.app.inject(consent)).json();
  const payload = method === 'PUT' ? { payload: { version: current.version } } : {};
  return (await system.app.inject({ method, ...consent, ...payload })).json();
}

test('a face that another account is enrolled with is told to both, and names nobody', async () => {
  expect(await enrolledTwice(anna, [bela])).toEqual({ notifications: 2 });
  const [ofAnna, ofBela] = [await inboxOf(anna), await inboxOf(bela)];
  expect(ofAnna.items).toMatchObject([{ kind: 'face_enrolled_twice', data: { isOwnEnrolment: true } }]);
  expect(ofBela.items).toMatchObject([{ kind: 'face_enrolled_twice', data: { isOwnEnrolment: false } }]);
  for (const text of [ofAnna.text, ofBela.text]) {
    expect(text).not.toContain(anna?.accountId);
    expect(text).not.toContain(bela?.accountId);
  }
});

test('a pair is told once, whoever of them enrols how often and at whatever moment', async () => {
  const eventId = newId();
  await Promise.all([enrolledTwice(anna, [bela], eventId), enrolledTwice(bela, [anna]), enrolledTwice(anna, [bela])]);
  await enrolledTwice(anna, [bela, bela], eventId);
  expect([(await inboxOf(anna)).items.length, (await inboxOf(bela)).items.length]).toEqual([1, 1]);
});

test('who enrols a face that several are enrolled with hears of it once, and each of them does', async () => {
  const third = await signUpMember(system, { consent: true });
  expect(await enrolledTwice(anna, [bela, third])).toEqual({ notifications: 3 });
  for (const member of [anna, bela, third]) expect((await inboxOf(member)).items).toHaveLength(1);
});

test('nobody is told of a pair one of whom has no consent in force, or is not here', async () => {
  const stranger = await signUpMember(system);
  expect(await enrolledTwice(anna, [stranger])).toEqual({ notifications: 0 });
  expect(await enrolledTwice(stranger, [anna])).toEqual({ notifications: 0 });
  const gone = { ...stranger, accountId: newId() };
  expect(await enrolledTwice(anna, [gone])).toEqual({ notifications: 0 });
  expect((await inboxOf(anna)).items).toEqual([]);
});

test('withdrawing the consent takes the pair and the own notice away; after a consent given anew both are told anew', async () => {
  await enrolledTwice(anna, [bela]);
  const { receiptId } = await changeConsent(anna, 'DELETE');
  const url = `/v1/me/consent/receipts/${receiptId}`;
  const receipt = await system.app.inject({ url, headers: anna?.headers ?? {} });
  expect(receipt.json()).toMatchObject({ removed: { user: { notifications: 1, likenesses: 1 } } });
  expect((await inboxOf(anna)).items).toEqual([]);
  expect((await inboxOf(bela)).items).toHaveLength(1);
  await changeConsent(anna, 'PUT');
  expect(await enrolledTwice(anna, [bela])).toEqual({ notifications: 2 });
});

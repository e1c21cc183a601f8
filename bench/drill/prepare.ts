import { z } from 'zod';
import { seededRandom } from '../random.ts';
import { Book } from './load/book.ts';
import { Client } from './load/client.ts';
import { joinAs } from './load/members.ts';
import { Person } from './load/person.ts';
import { PictureMaker } from './load/pictures.ts';
import { listOwnPhotos } from './load/reads.ts';
import { uploadPhoto } from './load/uploads.ts';
import type { Creator, World } from './load/world.ts';
import type { Plan } from './plan.ts';
import type { Recorder } from './record.ts';

/** Photos that are there before the first fault, so that there is something to look at and to buy. */
const photosFirst = 10;
const onSaleMaxMs = 120_000;
const waverers = 3;

type People = Pick<Plan, 'creators' | 'buyers' | 'members' | 'leavers'>;

const event = z.object({ eventId: z.string() });

/** Everybody who takes part signs up, and the first photos go on sale. Nothing has been broken yet, so all of it must succeed. */
export async function prepareWorld(url: string, record: Recorder, plan: People, seed: number): Promise<World> {
  const world: World = {
    client: new Client(url, record),
    random: seededRandom(seed),
    now: record.now,
    book: new Book(),
    pictures: await PictureMaker.open(),
    creators: [],
    buyers: [],
    members: [],
    leavers: [],
    waverers: [],
    onSale: new Map(),
    ordered: new Set(),
    previews: [],
  };
  for (let index = 0; index < plan.creators; index++) world.creators.push(await openCreator(world, index));
  for (let index = 0; index < plan.buyers; index++) world.buyers.push(await signUp(world, 'buyer'));
  for (let index = 0; index < waverers; index++) world.waverers.push(await signUp(world, 'waverer'));
  for (let index = 0; index < plan.members; index++) {
    const isLeaver = index < plan.leavers;
    const member = must(await joinAs(isLeaver ? 'leaver' : 'stayer', world), 'a member joins');
    if (isLeaver) world.leavers.push(member);
  }
  for (let index = 0; index < photosFirst; index++) must(await uploadPhoto(world), 'a photo is accepted');
  await awaitOnSale(world);
  return world;
}

async function signUp(world: World, name: string): Promise<Person> {
  const person = new Person(world.client, name);
  must(await person.signUp(), `${name} signs up`);
  world.book.accounts.push({ accountId: person.accountId, email: person.email });
  return person;
}

async function openCreator(world: World, index: number): Promise<Creator> {
  const person = await signUp(world, 'creator');
  must(await person.becomeCreator(`Lensa ${index + 1}`), 'a creator opens');
  const json = {
    name: `Run ${index + 1}`,
    startsAt: '2026-05-01T00:00:00Z',
    endsAt: '2026-05-01T12:00:00Z',
    timeZone: 'Asia/Jakarta',
    visibility: 'public',
  };
  const made = await person.call(
    { route: 'event-create', method: 'POST', path: '/v1/events', json, expect: [201] },
    event,
  );
  return { person, eventId: must(made, 'an event is made').eventId };
}

async function awaitOnSale(world: World): Promise<void> {
  const deadline = performance.now() + onSaleMaxMs;
  while (world.onSale.size < photosFirst) {
    if (performance.now() > deadline) throw new Error('the first photos did not go on sale');
    for (const creator of world.creators) await listOwnPhotos(world, creator);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

function must<T>(value: T | undefined | false, what: string): T {
  if (value === undefined || value === false) throw new Error(`before anything was broken, this failed: ${what}`);
  return value;
}

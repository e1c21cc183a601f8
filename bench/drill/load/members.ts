import { z } from 'zod';
import { pick } from '../../random.ts';
import { Person } from './person.ts';
import type { Who } from './pictures.ts';
import type { World } from './world.ts';

const added = z.object({ facecamId: z.string() });
const notifications = z.object({ items: z.array(z.object({ notificationId: z.string() })) });

/** A visitor who came for their pictures: signs up, consents, enrols a selfie. */
export async function joinAs(who: Who, world: World): Promise<Person | undefined> {
  const person = new Person(world.client, 'member');
  if (!(await person.signUp())) return undefined;
  world.book.accounts.push({ accountId: person.accountId, email: person.email });
  if (!(await person.giveConsent())) return undefined;
  world.book.consents.push({ accountId: person.accountId });
  if (!(await enrolSelfie(world, person, who))) return undefined;
  world.members.push(person);
  return person;
}

async function enrolSelfie(world: World, person: Person, who: Who): Promise<boolean> {
  const bytes = await world.pictures.makeSelfie(who);
  const form = () => {
    const data = new FormData();
    data.append('selfie', new Blob([new Uint8Array(bytes)]), 'selfie.jpg');
    return data;
  };
  const answer = await person.call(
    { route: 'selfie', method: 'POST', path: '/v1/facecams', form, expect: [201, 200] },
    added,
  );
  if (answer === undefined) return false;
  world.book.facecams.set(answer.facecamId, { accountId: person.accountId, who });
  return true;
}

export const joinAsMember = (world: World) => joinAs('stayer', world);

/** The next member who leaves. Asked again until it is answered: who withdraws wants to know. */
export async function leave(world: World): Promise<void> {
  const person = world.leavers.shift();
  if (person === undefined) return;
  world.members.splice(world.members.indexOf(person), 1);
  await withdraw(world, person);
}

/** Gives a consent, or withdraws the one that was given, in turns; nobody does both at once. */
export async function waver(world: World): Promise<void> {
  const person = world.waverers.shift();
  if (person === undefined) return;
  if (world.book.hasConsent(person.accountId)) await withdraw(world, person);
  else await consent(world, person);
  world.waverers.push(person);
}

async function consent(world: World, person: Person): Promise<void> {
  while (!(await person.giveConsent()));
  world.book.consents.push({ accountId: person.accountId });
}

async function withdraw(world: World, person: Person): Promise<void> {
  let receiptId: string | undefined;
  while (receiptId === undefined) receiptId = await person.withdrawConsent();
  world.book.consents.push({ accountId: person.accountId, receiptId });
}

/** Marks what a member has just been shown as read: the next matches are a new notification. */
export async function readNotifications(world: World): Promise<void> {
  const person = pick(world.random, world.members);
  const list = await person?.call({ route: 'notifications', path: '/v1/me/notifications' }, notifications);
  const newest = list?.items[0];
  if (person === undefined || newest === undefined) return;
  await person.send({
    route: 'notifications-read',
    method: 'POST',
    path: '/v1/me/notifications/read',
    json: { upTo: newest.notificationId },
    expect: [204],
  });
}

export async function wish(world: World): Promise<void> {
  const person = pick(world.random, world.buyers);
  const photoId = pick(world.random, [...world.onSale.keys()]);
  if (person === undefined || photoId === undefined) return;
  const answer = await person.send({
    route: 'wishlist',
    method: 'PUT',
    path: `/v1/wishlist/${photoId}`,
    expect: [204],
  });
  if (answer !== undefined) world.book.wishes.push({ accountId: person.accountId, photoId });
}

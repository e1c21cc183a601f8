import { z } from 'zod';
import { pick } from '../../random.ts';
import type { Picture } from './pictures.ts';
import type { Creator, World } from './world.ts';

const pricesIdr = [10_000, 15_000, 25_001, 40_000];

const accepted = z.object({ photoId: z.string() });

/** Sends one new photo, the same bytes again when there was no answer. Answers its id once it is accepted. */
export async function uploadPhoto(
  world: World,
  creator = pick(world.random, world.creators),
): Promise<string | undefined> {
  if (creator === undefined) return undefined;
  return sendPhoto(world, creator, await world.pictures.makePhoto());
}

/** Sends a photo of which engines die; throws when it is not accepted. */
export async function uploadPoison(world: World): Promise<string> {
  const creator = pick(world.random, world.creators);
  const photoId = creator && (await sendPhoto(world, creator, await world.pictures.makePoison()));
  if (photoId === undefined) throw new Error('the poisoned photo was not accepted');
  return photoId;
}

export async function sendPhoto(world: World, creator: Creator, picture: Picture): Promise<string | undefined> {
  const { person, eventId } = creator;
  const priceIdr = pick(world.random, pricesIdr) ?? 0;
  const form = () => {
    const data = new FormData();
    data.set('title', `Photo ${picture.sha256.slice(0, 8)}`);
    data.set('priceIdr', String(priceIdr));
    data.set('eventId', eventId);
    data.append('photo', new Blob([new Uint8Array(picture.bytes)]), 'photo.jpg');
    return data;
  };
  world.book.sent.push({ creatorId: person.accountId, sha256: picture.sha256 });
  const answer = await person.call(
    { route: 'upload', method: 'POST', path: '/v1/uploads/photo', form, expect: [201, 200] },
    accepted,
  );
  if (answer === undefined) return undefined;
  world.book.acceptPhoto(answer.photoId, person.accountId, picture, world.now());
  return answer.photoId;
}

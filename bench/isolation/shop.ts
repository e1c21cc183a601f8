import { randomUUID } from 'node:crypto';
import type { ApiClient } from '@kilas/client/api-client.ts';
import { enrolSelfie } from '@kilas/client/journey/find-photos.ts';
import { becomeCreator, giveConsent, register, until } from '@kilas/client/journey/people.ts';
import { createEvent } from '@kilas/client/journey/sell-photos.ts';
import { makeSelfie } from '@kilas/samples/photos.ts';
import { z } from 'zod';
import type { Pictures } from './pictures.ts';

const accepted = z.object({ photoId: z.string() });
const ownPhoto = z.object({ photoId: z.string(), status: z.string(), recognition: z.string() });
const priceIdr = 10_000;

/** A creator with photos on sale, a member who appears in all of them, and buyers who have bought nothing. */
export class Shop {
  readonly creator: ApiClient;
  readonly eventId: string;
  readonly #member: ApiClient;
  readonly #buyers: readonly ApiClient[];
  readonly #photoIds: readonly string[];
  #orderCount = 0;

  private constructor(input: {
    creator: ApiClient;
    eventId: string;
    member: ApiClient;
    buyers: readonly ApiClient[];
    photoIds: readonly string[];
  }) {
    this.creator = input.creator;
    this.eventId = input.eventId;
    this.#member = input.member;
    this.#buyers = input.buyers;
    this.#photoIds = input.photoIds;
  }

  static async open(api: ApiClient, pictures: Pictures, size: { photos: number; buyers: number }): Promise<Shop> {
    const { creator, eventId } = await openStudio(api);
    const photoIds: string[] = [];
    for (let i = 0; i < size.photos; i++) photoIds.push(await uploadPhoto(creator, eventId, pictures.next()));
    await awaitDone(creator, photoIds);
    const buyers: ApiClient[] = [];
    for (let i = 0; i < size.buyers; i++) buyers.push(await register(api, 'buyer'));
    const member = await register(api, 'member');
    await giveConsent(member);
    await enrolSelfie(member, await makeSelfie());
    return new Shop({ creator, eventId, member, buyers, photoIds });
  }

  /** What the page of a member who is in every photo asks first. */
  async explore(): Promise<void> {
    await (await this.#member.send('GET', '/v1/explore?limit=24')).arrayBuffer();
  }

  /** The price as it stands, then the order. */
  async checkOut(): Promise<void> {
    const index = this.#orderCount++;
    const buyer = this.#buyers[index % this.#buyers.length];
    const photoId = this.#photoIds[Math.floor(index / this.#buyers.length)];
    if (buyer === undefined || photoId === undefined) throw new Error('every buyer has bought every photo');
    const preview = await buyer.send('POST', '/v1/checkout/preview', { json: { photoIds: [photoId] } });
    await preview.arrayBuffer();
    const order = await buyer.send('POST', '/v1/orders', {
      json: { lines: [{ photoId, priceIdr }], totalIdr: priceIdr },
      headers: { 'idempotency-key': randomUUID() },
    });
    await order.arrayBuffer();
  }
}

/** A creator with an event and no photos. */
export async function openStudio(api: ApiClient): Promise<{ creator: ApiClient; eventId: string }> {
  const creator = await register(api, 'creator');
  await becomeCreator(creator, 'Bench Photos');
  return { creator, eventId: await createEvent(creator, 'Bench Run', 'public') };
}

export async function uploadPhoto(creator: ApiClient, eventId: string, picture: Blob): Promise<string> {
  const form = new FormData();
  form.set('priceIdr', String(priceIdr));
  form.set('eventId', eventId);
  form.set('photo', picture, 'photo.jpg');
  return (await creator.call('POST', '/v1/uploads/photo', accepted, { form })).photoId;
}

/** Waits until the photos are on sale and recognised. */
export async function awaitDone(creator: ApiClient, photoIds: readonly string[]): Promise<void> {
  await until('the photos to be recognised', 600_000, async () =>
    (await countLeft(creator, photoIds)) === 0 ? true : undefined,
  );
}

/** How many of the photos are not yet on sale and recognised. */
export async function countLeft(creator: ApiClient, photoIds: readonly string[]): Promise<number> {
  const left = new Set(photoIds);
  for (const { photoId, status, recognition } of await creator.list('/v1/creator/photos', ownPhoto)) {
    if (status === 'on_sale' && recognition === 'done') left.delete(photoId);
  }
  return left.size;
}

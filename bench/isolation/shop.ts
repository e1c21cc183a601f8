import { randomUUID } from 'node:crypto';
import { type ApiClient, answerOf, asForm } from '@kilas/client/api-client.ts';
import { enrolSelfie } from '@kilas/client/journey/find-photos.ts';
import { becomeCreator, giveConsent, register, until } from '@kilas/client/journey/people.ts';
import { createEvent } from '@kilas/client/journey/sell-photos.ts';
import { makeSelfie } from '@kilas/samples/photos.ts';
import type { Pictures } from './pictures.ts';

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
    await this.#member.rest.GET('/v1/explore', { params: { query: { limit: 24 } } });
  }

  /** The price as it stands, then the order. */
  async checkOut(): Promise<void> {
    const index = this.#orderCount++;
    const buyer = this.#buyers[index % this.#buyers.length];
    const photoId = this.#photoIds[Math.floor(index / this.#buyers.length)];
    if (buyer === undefined || photoId === undefined) throw new Error('every buyer has bought every photo');
    await buyer.rest.POST('/v1/checkout/preview', { body: { photoIds: [photoId] } });
    await buyer.rest.POST('/v1/orders', {
      params: { header: { 'idempotency-key': randomUUID() } },
      body: { lines: [{ photoId, priceIdr }], totalIdr: priceIdr },
    });
  }
}

/** A creator with an event and no photos. */
export async function openStudio(api: ApiClient): Promise<{ creator: ApiClient; eventId: string }> {
  const creator = await register(api, 'creator');
  await becomeCreator(creator, 'Bench Photos');
  return { creator, eventId: await createEvent(creator, 'Bench Run', 'public') };
}

export async function uploadPhoto(creator: ApiClient, eventId: string, picture: Blob): Promise<string> {
  const body = { priceIdr: String(priceIdr), eventId, photo: picture };
  return (await answerOf(creator.rest.POST('/v1/uploads/photo', { body, bodySerializer: asForm }))).photoId;
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
  for (const { photoId, status, recognition } of await creator.list('/v1/creator/photos')) {
    if (status === 'on_sale' && recognition === 'done') left.delete(photoId);
  }
  return left.size;
}

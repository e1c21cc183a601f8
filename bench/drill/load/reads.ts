import { z } from 'zod';
import { pick } from '../../random.ts';
import type { World } from './world.ts';

/** A link to a preview lives five minutes. */
const previewUsedMaxMs = 4 * 60_000;
const previewsKept = 200;

const ownPhotos = z.object({
  items: z.array(z.object({ photoId: z.string(), status: z.string(), priceIdr: z.number() })),
});
const photoView = z.object({ previewUrl: z.string().nullable() });

type Read = (world: World) => Promise<unknown>;

/** What visitors do while they buy nothing, by how often. */
export const reads: readonly { readonly weight: number; readonly flow: Read }[] = [
  { weight: 5, flow: viewPhoto },
  { weight: 4, flow: fetchPreview },
  {
    weight: 3,
    flow: (world) => pick(world.random, world.members)?.send({ route: 'explore', path: '/v1/explore' }) ?? noOne(),
  },
  { weight: 3, flow: browseEvent },
  { weight: 2, flow: listOwnPhotos },
  { weight: 1, flow: (world) => world.client.send({ route: 'events', path: '/v1/events' }) },
  { weight: 1, flow: (world) => asBuyer(world, { route: 'me', path: '/v1/me' }) },
  { weight: 1, flow: (world) => asBuyer(world, { route: 'orders', path: '/v1/orders' }) },
  { weight: 1, flow: (world) => asBuyer(world, { route: 'purchases', path: '/v1/purchases' }) },
  { weight: 1, flow: (world) => asBuyer(world, { route: 'wishlist', path: '/v1/wishlist' }) },
  { weight: 1, flow: (world) => asMember(world, { route: 'notifications', path: '/v1/me/notifications' }) },
  { weight: 1, flow: (world) => asMember(world, { route: 'facecams', path: '/v1/facecams' }) },
  { weight: 1, flow: readWallet },
  { weight: 1, flow: readUploadState },
];

type Asked = { route: 'me' | 'orders' | 'purchases' | 'wishlist' | 'notifications' | 'facecams'; path: string };

const asBuyer = (world: World, asked: Asked) => pick(world.random, world.buyers)?.send(asked) ?? noOne();
const asMember = (world: World, asked: Asked) => pick(world.random, world.members)?.send(asked) ?? noOne();

async function noOne(): Promise<void> {}

async function viewPhoto(world: World): Promise<void> {
  const photoId = pick(world.random, [...world.onSale.keys()]);
  const buyer = pick(world.random, world.buyers);
  if (photoId === undefined || buyer === undefined) return;
  const view = await buyer.call({ route: 'photo', path: `/v1/photos/${photoId}` }, photoView);
  if (view?.previewUrl == null) return;
  world.previews.push({ url: view.previewUrl, since: world.now() });
  if (world.previews.length > previewsKept) world.previews.shift();
}

async function fetchPreview(world: World): Promise<void> {
  const preview = pick(world.random, world.previews);
  if (preview === undefined || world.now() - preview.since > previewUsedMaxMs) return viewPhoto(world);
  await world.client.send({ route: 'preview', path: preview.url });
}

async function browseEvent(world: World): Promise<void> {
  const creator = pick(world.random, world.creators);
  if (creator === undefined) return;
  await world.client.send({ route: 'event-photos', path: `/v1/events/${creator.eventId}/photos` });
}

/** How creators learn that a photo is on sale. */
export async function listOwnPhotos(world: World, creator = pick(world.random, world.creators)): Promise<void> {
  if (creator === undefined) return;
  const list = await creator.person.call({ route: 'creator-photos', path: '/v1/creator/photos?limit=100' }, ownPhotos);
  for (const { photoId, status, priceIdr } of list?.items ?? []) {
    if (status === 'on_sale') world.onSale.set(photoId, { priceIdr });
  }
}

async function readWallet(world: World): Promise<void> {
  await pick(world.random, world.creators)?.person.send({ route: 'wallet', path: '/v1/wallet' });
}

async function readUploadState(world: World): Promise<void> {
  const creator = pick(world.random, world.creators);
  const own = [...world.book.photos].filter(([, photo]) => photo.creatorId === creator?.person.accountId);
  const [photoId] = pick(world.random, own) ?? [];
  if (photoId !== undefined) await creator?.person.send({ route: 'upload-state', path: `/v1/uploads/${photoId}` });
}

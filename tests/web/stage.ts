import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type ApiClient, answerOf } from '@kilas/client/api-client.ts';
import { buyPhoto } from '@kilas/client/journey/buy-photo.ts';
import { enrolSelfie, listFound } from '@kilas/client/journey/find-photos.ts';
import { becomeCreator, giveConsent, registerWithPassword } from '@kilas/client/journey/people.ts';
import { asAnotherShot } from '@kilas/samples/as-another-shot.ts';
import { drawPhoto } from '@kilas/samples/draw-photo.ts';
import { makeSelfie, samplePhotoFiles } from '@kilas/samples/photos.ts';
import sharp from 'sharp';
import {
  openSite,
  type Person,
  type Site,
  type SoldEvent,
  sellEvent,
  shareTokenOf,
  writePictures,
} from './open-site.ts';

/** A site in the midst of its life: what a page shows when there is much, little or nothing to show. */
export interface Stage {
  readonly site: Site;
  /** Public, of drawn photos; two of them as long as photos are. */
  readonly landscape: SoldEvent;
  /** Shows people to themselves alone; a member is in three of its photos. */
  readonly party: SoldEvent;
  /** Of the link to the party. */
  readonly share: string;
  readonly people: Readonly<Record<Role, Person>>;
  readonly orders: { readonly paid: string; readonly pending: string };
}

/** A member who was found and bought; one who has just come; a creator with sales, and one without anything. */
export type Role = 'member' | 'newcomer' | 'creator' | 'beginner';

const shapes: readonly (readonly [number, number])[] = [
  [1500, 1000],
  [1000, 1500],
  [1800, 600],
  [600, 1800],
  [1500, 1000],
  [1500, 1125],
  [1200, 1200],
  [1600, 900],
];
const drawnCount = 24;

export async function setStage(onProgress: (message: string) => void = () => {}): Promise<Stage> {
  const site = await openSite('Lensa Jakarta');
  onProgress(`an installation runs at ${site.url}`);
  try {
    return await fill(site, onProgress);
  } catch (error) {
    await site.stop();
    throw error;
  }
}

async function fill(site: Site, onProgress: (message: string) => void): Promise<Stage> {
  const landscape = await sellEvent(site, await drawPhotos(site, drawnCount), {
    name: 'Bromo Sunrise Trail Run 2026',
    visibility: 'public',
    place: 'Cemoro Lawang, Probolinggo',
    priceIdr: 45_000,
  });
  const spare = await writePictures(site, { 'long-1.jpg': await drawPhoto(40, 1200, 800) });
  await sellEvent(site, spare, {
    name: 'Jalan Sehat Kebersamaan Mahasiswa Pascasarjana Universitas Pertanggungjawaban Kesejahteraan Masyarakat',
    visibility: 'public',
    priceIdr: 1_250_000,
  });
  onProgress('drawn photos are on sale');
  const party = await sellEvent(site, await partyPhotos(site), {
    name: 'Office party',
    visibility: 'matches',
    isRecognised: true,
  });
  onProgress('photos of people are recognised');
  const member = await registerWithPassword(site.api, 'member');
  await giveConsent(member.client);
  await enrolSelfie(member.client, await makeSelfie());
  const newcomer = await registerWithPassword(site.api, 'newcomer');
  const beginner = await registerWithPassword(site.api, 'beginner');
  await becomeCreator(beginner.client, 'Fotografer Baru');
  const orders = await buyAndKeep(member.client, landscape);
  onProgress('people came and bought');
  const share = await shareTokenOf(site, party.eventId);
  const people = { member, newcomer, beginner, creator: site.creator };
  return { site, landscape, party, share, people, orders };
}

async function drawPhotos(site: Site, count: number): Promise<string[]> {
  const drawn = Array.from({ length: count }, async (_, at): Promise<[string, Buffer]> => {
    const [width, height] = shapes[at % shapes.length] ?? [1500, 1000];
    const taken = `2026:05:01 06:${String(10 + at).padStart(2, '0')}:00`;
    const photo = sharp(await drawPhoto(at, width, height)).withExif({ IFD2: { DateTimeOriginal: taken } });
    return [`bromo-${String(at).padStart(3, '0')}.jpg`, await photo.jpeg({ quality: 90 }).toBuffer()];
  });
  return writePictures(site, Object.fromEntries(await Promise.all(drawn)));
}

/** The samples, and two more shots of who is on the first of them. */
export async function partyPhotos(site: Site): Promise<string[]> {
  const samples = await samplePhotoFiles();
  const [first = ''] = samples;
  const again = await asAnotherShot(await readFile(first), 0.004);
  const pictures = {
    'mirrored.jpg': await sharp(first).flop().modulate({ brightness: 1.15 }).jpeg({ quality: 92 }).toBuffer(),
    'again.jpg': await sharp(again).extract({ left: 500, top: 60, width: 1400, height: 1150 }).jpeg().toBuffer(),
  };
  return [...samples, ...(await writePictures(site, pictures))];
}

async function buyAndKeep(member: ApiClient, { uploads }: SoldEvent): Promise<{ paid: string; pending: string }> {
  const photoAt = (at: number) => ({ params: { path: { photoId: uploads[at]?.photoId ?? '' } } });
  await buyPhoto(member, uploads[0]?.photoId ?? '');
  const [paid] = (await member.list('/v1/orders')).map(({ orderId }) => orderId);
  const pending = await order(member, [uploads[1]?.photoId ?? '', uploads[4]?.photoId ?? '']);
  const [found] = await listFound(member);
  for (const at of [2, 3, 5]) await member.rest.PUT('/v1/cart/{photoId}', photoAt(at));
  for (const at of [6, 7]) await member.rest.PUT('/v1/wishlist/{photoId}', photoAt(at));
  if (found !== undefined)
    await member.rest.PUT('/v1/favourites/{photoId}', { params: { path: { photoId: found.photoId } } });
  if (paid === undefined) throw new Error('the order is not in the list');
  return { paid, pending };
}

/** An order that waits for its payment. */
export async function order(member: ApiClient, photoIds: string[]): Promise<string> {
  const { lines, totalIdr } = await answerOf(member.rest.POST('/v1/checkout/preview', { body: { photoIds } }));
  const repeated = lines.map(({ photoId, priceIdr }) => ({ photoId, priceIdr }));
  const { orderId } = await answerOf(
    member.rest.POST('/v1/orders', {
      params: { header: { 'idempotency-key': randomUUID() } },
      body: { lines: repeated, totalIdr },
    }),
  );
  return orderId;
}

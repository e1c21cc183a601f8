import { createClient } from '@connectrpc/connect';
import { PhotoService } from '@kilas/contracts/gen/kilas/photo/v1/photo_service_pb.js';
import { openDatabase } from '@kilas/platform/db/database.ts';
import { newObjectKey } from '@kilas/platform/objects/file-objects.ts';
import type { Clock } from '@kilas/platform/process/clock.ts';
import type { Env } from '@kilas/platform/process/env.ts';
import { hashOf, newId } from '@kilas/platform/process/ids.ts';
import { interceptorsOf } from '@kilas/platform/service/service.ts';
import { type Member, signUpMember } from '@kilas/testkit/sign-up.ts';
import { type ObjectsPlace, startSystem, type TestSystem } from '@kilas/testkit/start-system.ts';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { TransactionSchema } from '../db/schema.ts';
import { keepPublished } from './books.ts';
import { type FrontDoor, openFrontDoor } from './front-door.ts';

export const webhookKey = 'the key of the sandbox in tests, long enough';

export interface NewPhoto {
  readonly priceIdr: number;
  readonly sale?: 'shared' | 'exclusive';
  readonly title?: string;
  readonly creator?: Member;
  /** False: who sees it is who appears in it. */
  readonly isPublic?: boolean;
}

/** Users, photos of a public event, and the transaction service, with the sandbox reaching it over real HTTP. */
export interface Shop {
  readonly system: TestSystem;
  readonly door: FrontDoor;
  /** The transaction service's own database. */
  readonly db: Kysely<TransactionSchema>;
  readonly creator: Member;
  signUp(options?: { creator?: boolean }): Promise<Member>;
  addPhoto(photo: NewPhoto): Promise<string>;
  /** Through the API, as the shop's own creator. */
  changePhoto(photoId: string, changes: { priceIdr?: number; hidden?: boolean }): Promise<void>;
  /** As if its process had ended; the function returned starts it again. */
  takePhotoAway(): () => void;
  close(): Promise<void>;
}

export async function startShop(
  options: { clock?: Clock; env?: Env; isWorking?: boolean; objects?: ObjectsPlace } = {},
): Promise<Shop> {
  const door = await openFrontDoor();
  const system = await startSystem({
    services: ['user', 'photo', 'transaction'],
    env: { SANDBOX_WEBHOOK_KEY: webhookKey, SANDBOX_WEBHOOK_URL: door.webhookUrl, ...options.env },
    ...(options.objects === undefined ? {} : { objects: options.objects }),
    ...(options.clock === undefined ? {} : { clock: options.clock }),
    ...(options.isWorking === undefined ? {} : { isWorking: options.isWorking }),
  });
  door.lead(system);
  const db = openDatabase<TransactionSchema>({
    url: system.databaseUrls.transaction,
    poolSizeMax: 4,
    onTrouble: () => {},
  });
  await keepPublished(db);
  const creator = await signUpMember(system, { creator: true });
  const eventOf = new Map<string, string>();
  return {
    system,
    door,
    db,
    creator,
    signUp: (wanted) => signUpMember(system, wanted),
    addPhoto: async (photo) => {
      const owner = photo.creator ?? creator;
      if (photo.isPublic === false) return publishPhoto(system, owner.accountId, undefined, photo);
      const eventId = eventOf.get(owner.accountId) ?? (await createPublicEvent(system, owner));
      eventOf.set(owner.accountId, eventId);
      return publishPhoto(system, owner.accountId, eventId, photo);
    },
    changePhoto: async (photoId, payload) => {
      const response = await system.app.inject({
        method: 'PATCH',
        url: `/v1/photos/${photoId}`,
        headers: creator.headers,
        payload,
      });
      if (response.statusCode >= 300) throw new Error(`the photo was not changed: ${response.body}`);
    },
    takePhotoAway: () => {
      const { rpc } = system.service('photo');
      system.network.serve('photo', { routes: rpc, interceptors: [] })();
      const interceptors = interceptorsOf(system.service('photo'));
      return () => void system.network.serve('photo', { routes: rpc, interceptors });
    },
    close: async () => {
      await db.destroy();
      await system.close();
      await door.close();
    },
  };
}

async function createPublicEvent(system: TestSystem, creator: Member): Promise<string> {
  const response = await system.app.inject({
    method: 'POST',
    url: '/v1/events',
    headers: creator.headers,
    payload: {
      name: 'City run',
      startsAt: '2026-04-30T00:00:00Z',
      endsAt: '2026-04-30T08:00:00Z',
      timeZone: 'Asia/Jakarta',
      visibility: 'public',
    },
  });
  if (response.statusCode !== 201) throw new Error(`the event was not made: ${response.body}`);
  return z.object({ eventId: z.string() }).parse(response.json()).eventId;
}

/** A photo as upload leaves it with photo: registered, and its derived images published. */
async function publishPhoto(
  system: TestSystem,
  creatorId: string,
  eventId: string | undefined,
  photo: NewPhoto,
): Promise<string> {
  const photos = createClient(PhotoService, system.peersAs('upload')('photo'));
  const photoId = newId();
  await photos.registerPhoto({
    photoId,
    creatorId,
    ...(eventId === undefined ? {} : { eventId }),
    title: photo.title ?? 'Finish line',
    description: '',
    priceIdr: BigInt(photo.priceIdr),
    sale: photo.sale ?? 'shared',
    sha256: hashOf(photoId),
    sizeBytes: 1_234_567n,
    format: 'jpeg',
    originalKey: newObjectKey(),
  });
  await photos.publishPhoto({
    photoId,
    width: 4000,
    height: 3000,
    previewKey: newObjectKey(),
    thumbnailKey: newObjectKey(),
  });
  return photoId;
}

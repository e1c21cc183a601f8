import path from 'node:path';
import { create, toBinary } from '@bufbuild/protobuf';
import { type Client, createClient } from '@connectrpc/connect';
import { FaceService } from '@kilas/contracts/gen/kilas/ai/v1/face_service_pb.js';
import { EventService } from '@kilas/contracts/gen/kilas/platform/v1/event_service_pb.js';
import { ConsentWithdrawnSchema } from '@kilas/contracts/gen/kilas/user/v1/events_pb.js';
import type { Env } from '@kilas/platform/config.ts';
import { FileObjects, newObjectKey } from '@kilas/platform/file-objects.ts';
import { newId } from '@kilas/platform/ids.ts';
import type { Bucket } from '@kilas/platform/objects.ts';
import { startSystem, type TestSystem } from '@kilas/testkit/start-system.ts';
import { servePhoto } from './interim-photo.ts';

export interface TestPhoto {
  readonly photoId: string;
  readonly creatorId: string;
  readonly compressedKey: string;
  readonly processedKey: string;
}

export interface AiSystem {
  readonly system: TestSystem;
  readonly objects: FileObjects;
  /** The service as upload sees it. */
  readonly faces: Client<typeof FaceService>;
  readonly photo: ReturnType<typeof servePhoto>;
  put(bucket: Bucket, body: Buffer): Promise<string>;
  /** A photo as upload leaves it before recognition. */
  addPhoto(image: Buffer): Promise<TestPhoto>;
  /** A stored selfie of a member with a first consent. */
  addFacecam(selfie: Buffer, memberId?: string): Promise<Facecam>;
  /** Tells that a member withdrew the consent, as user does; answers what was erased. */
  withdraw(memberId: string, epoch: number): Promise<Readonly<Record<string, number>>>;
}

export interface Facecam {
  readonly memberId: string;
  readonly facecamId: string;
  readonly consentEpoch: number;
  readonly selfieKey: string;
}

export async function startAi(env: Env = {}): Promise<AiSystem> {
  const system = await startSystem({ services: ['ai'], env });
  const photo = servePhoto(system);
  const folder = path.join(system.dataFolder, 'objects');
  const objects = new FileObjects({ folder, signingKey: 'k'.repeat(32), publicUrl: 'http://kilas.test' });
  const events = createClient(EventService, system.peersAs('user')('ai'));
  const put = async (bucket: Bucket, body: Buffer) => {
    const key = newObjectKey();
    await objects.write({ bucket, key }, body);
    return key;
  };
  return {
    system,
    objects,
    photo,
    put,
    faces: createClient(FaceService, system.peersAs('upload')('ai')),
    addPhoto: async (image) => ({
      photoId: newId(),
      creatorId: newId(),
      compressedKey: await put('originals', image),
      processedKey: newObjectKey(),
    }),
    addFacecam: async (selfie, memberId = newId()) => ({
      memberId,
      facecamId: newId(),
      consentEpoch: 1,
      selfieKey: await put('selfies', selfie),
    }),
    withdraw: async (memberId, epoch) => {
      const payload = toBinary(ConsentWithdrawnSchema, create(ConsentWithdrawnSchema, { memberId, epoch }));
      const type = ConsentWithdrawnSchema.typeName;
      return (await events.deliver({ eventId: newId(), type, key: memberId, payload })).effects;
    },
  };
}

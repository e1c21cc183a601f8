import { randomUUID } from 'node:crypto';
import { createClient } from '@connectrpc/connect';
import { MatchService } from '@kilas/contracts/gen/kilas/photo/v1/match_service_pb.js';
import { PhotoService } from '@kilas/contracts/gen/kilas/photo/v1/photo_service_pb.js';
import { newObjectKey } from '@kilas/platform/objects/file-objects.ts';
import { makeSelfie } from '@kilas/samples/photos.ts';
import { type Member, signUpMember } from '@kilas/testkit/sign-up.ts';
import type { TestSystem } from '@kilas/testkit/start-system.ts';
import { waitFor } from '@kilas/testkit/wait-for.ts';
import { makeImage } from '@kilas/upload/testing/images.ts';

export type Parts = readonly (readonly [field: string, value: string | Buffer])[];

/** A form as a browser sends it. */
export async function encodeForm(parts: Parts): Promise<{ payload: Buffer; contentType: string }> {
  const form = new FormData();
  for (const [field, value] of parts) {
    if (typeof value === 'string') form.append(field, value);
    else form.append(field, new Blob([new Uint8Array(value)]), 'picture.jpg');
  }
  const encoded = new Response(form);
  return {
    payload: Buffer.from(await encoded.arrayBuffer()),
    contentType: encoded.headers.get('content-type') ?? '',
  };
}

/** A creator and a buyer who have one of everything that a route shows. */
export async function preparePeople(system: TestSystem) {
  const creator = await signUpMember(system, { creator: true });
  const buyer = await signUpMember(system, { creator: true, consent: true });
  const call = async (member: Member, method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, payload?: object) => {
    const headers = { ...member.headers, 'idempotency-key': randomUUID() };
    const reply = await system.app.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) });
    if (reply.statusCode >= 300) throw new Error(`${method} ${url} answered ${reply.statusCode}: ${reply.body}`);
    return reply.body === '' ? {} : reply.json();
  };
  const { eventId } = await call(creator, 'POST', '/v1/events', {
    name: 'City Run',
    startsAt: '2026-05-01T00:00:00Z',
    endsAt: '2026-05-01T06:00:00Z',
    timeZone: 'Asia/Jakarta',
    visibility: 'public',
  });
  const publish = async (priceIdr: bigint) => {
    const photos = createClient(PhotoService, system.peersAs('upload')('photo'));
    const photoId = randomUUID();
    await photos.registerPhoto({
      photoId,
      creatorId: creator.accountId,
      eventId,
      title: 'Finish line',
      description: '',
      priceIdr,
      sale: 'shared',
      sha256: 'a'.repeat(64),
      sizeBytes: 1_000n,
      format: 'jpeg',
      originalKey: newObjectKey(),
    });
    const keys = { previewKey: newObjectKey(), thumbnailKey: newObjectKey() };
    await photos.publishPhoto({ photoId, width: 300, height: 200, ...keys });
    return photoId;
  };
  const [photoId, free, ordered, offered] = [
    await publish(25_000n),
    await publish(0n),
    await publish(7n),
    await publish(9n),
  ];
  await createClient(MatchService, system.peersAs('ai')('photo')).recordRecognition({
    photoId,
    faceCount: 1,
    processedKey: newObjectKey(),
    matches: [
      {
        photoId,
        memberId: buyer.accountId,
        facecamId: randomUUID(),
        consentEpoch: 1,
        distance: 0.4,
        level: 9,
        falseMatchRate: 1e-8,
        facecamCount: 1,
        box: { left: 0.1, top: 0.2, width: 0.3, height: 0.4 },
      },
    ],
  });
  for (const kind of ['cart', 'wishlist', 'favourites']) await call(buyer, 'PUT', `/v1/${kind}/${photoId}`);
  const buy = (id: string, priceIdr: number) =>
    call(buyer, 'POST', '/v1/orders', { lines: [{ photoId: id, priceIdr }], totalIdr: priceIdr });
  await buy(free, 0);
  const { orderId, paymentUrl } = await buy(ordered, 7);
  const send = async (member: Member, url: string, parts: Parts) => {
    const { payload, contentType } = await encodeForm(parts);
    const headers = { ...member.headers, 'content-type': contentType };
    return system.app.inject({ method: 'POST', url, headers, payload });
  };
  const picture = await makeImage();
  const uploaded = await send(creator, '/v1/uploads/photo', [
    ['priceIdr', '1000'],
    ['photo', picture],
  ]);
  const selfie = (await makeSelfie()).bytes;
  const enrolled = await waitFor(
    async () => {
      const reply = await send(buyer, '/v1/facecams', [
        ['keepSelfie', 'true'],
        ['selfie', selfie],
      ]);
      return reply.statusCode === 201 || reply.statusCode === 200 ? reply : undefined;
    },
    { what: 'the selfie to be enrolled', timeoutMs: 60_000 },
  );
  const leaver = await signUpMember(system, { consent: true });
  const { receiptId } = await call(leaver, 'DELETE', '/v1/me/consent');
  return {
    creator,
    buyer,
    leaver,
    picture,
    selfie,
    paymentToken: String(paymentUrl).split('/').at(-1) ?? '',
    offered,
    ids: {
      eventId,
      photoId,
      uploadedId: String(uploaded.json().photoId),
      boughtId: free,
      orderId: String(orderId),
      facecamId: String(enrolled.json().facecamId),
      receiptId: String(receiptId),
    },
  };
}

export type People = Awaited<ReturnType<typeof preparePeople>>;

import path from 'node:path';
import { type ApiClient, answerOf, asForm, type ItemOf } from '../api-client.ts';
import { until } from './people.ts';

const enrolmentSecondsMax = 120;

export type Found = ItemOf<'/v1/explore'>;

export interface Selfie {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Enrols a selfie and waits until it has been searched for; throws the ApiError of one that will not do. */
export async function enrolSelfie(member: ApiClient, selfie: Selfie): Promise<void> {
  const file = new File([new Uint8Array(selfie.bytes)], path.basename(selfie.name));
  const { facecamId } = await answerOf(
    member.rest.POST('/v1/facecams', { body: { selfie: file }, bodySerializer: asForm }),
  );
  await until(`the selfie ${selfie.name}`, enrolmentSecondsMax * 1000, async () => {
    const { items } = await answerOf(member.rest.GET('/v1/facecams'));
    const facecam = items.find((item) => item.facecamId === facecamId);
    if (facecam?.status === 'failed') throw new Error(`the selfie ${selfie.name} failed: ${facecam.reason}`);
    return facecam?.status === 'ready' ? true : undefined;
  });
}

/** The photos in which a member appears, newest first. */
export async function listFound(member: ApiClient): Promise<Found[]> {
  return member.list('/v1/explore');
}

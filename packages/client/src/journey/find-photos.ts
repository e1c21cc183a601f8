import path from 'node:path';
import { z } from 'zod';
import type { ApiClient } from '../api-client.ts';
import { until } from './people.ts';

const enrolmentSecondsMax = 120;

const enrolled = z.object({ facecamId: z.string() });
const facecams = z.object({
  items: z.array(z.object({ facecamId: z.string(), status: z.string(), reason: z.string().nullish() })),
});
const found = z.object({
  photoId: z.string(),
  match: z.object({ level: z.number(), distance: z.number() }),
});

export type Found = z.output<typeof found>;

export interface Selfie {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Enrols a selfie and waits until it has been searched for; throws the ApiError of one that will not do. */
export async function enrolSelfie(member: ApiClient, selfie: Selfie): Promise<void> {
  const form = new FormData();
  form.append('selfie', new Blob([new Uint8Array(selfie.bytes)]), path.basename(selfie.name));
  const { facecamId } = await member.call('POST', '/v1/facecams', enrolled, { form });
  await until(`the selfie ${selfie.name}`, enrolmentSecondsMax * 1000, async () => {
    const { items } = await member.call('GET', '/v1/facecams', facecams);
    const facecam = items.find((item) => item.facecamId === facecamId);
    if (facecam?.status === 'failed') throw new Error(`the selfie ${selfie.name} failed: ${facecam.reason}`);
    return facecam?.status === 'ready' ? true : undefined;
  });
}

/** The photos in which a member appears, newest first. */
export async function listFound(member: ApiClient): Promise<Found[]> {
  return member.list('/v1/explore', found);
}

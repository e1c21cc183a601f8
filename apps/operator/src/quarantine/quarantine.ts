import { z } from 'zod';
import type { Parties } from '../reconcile/parties.ts';

/** A picture that killed processes of a service and is not tried any more. */
export interface QuarantinedPicture {
  readonly service: 'ai' | 'upload';
  readonly id: string;
  readonly deaths: number;
  readonly since: Date;
}

type QuarantineParties = Pick<Parties, 'ai' | 'upload' | 'photo'>;

/** The newest first. */
export async function listQuarantined(parties: QuarantineParties): Promise<QuarantinedPicture[]> {
  const read = async (service: 'ai' | 'upload') =>
    (await Array.fromAsync(parties[service].holds.quarantined.pages()))
      .flat()
      .map((picture) => ({ service, ...picture }));
  return [...(await read('ai')), ...(await read('upload'))].sort((a, b) => b.since.getTime() - a.since.getTime());
}

/**
 * Lets a picture go: it is tried anew as if nothing had been, a photo at once, a selfie or a file when it is sent again. May be repeated after
 * any step.
 */
export async function release(parties: QuarantineParties, { service, id }: QuarantinedPicture): Promise<void> {
  const [kind, photoId = ''] = id.split('/');
  const photos = kind === 'photo' && z.guid().safeParse(photoId).success ? [{ id: photoId }] : [];
  // A photo whose job gets lost behind this is one that `reconcile` finds.
  if (service === 'ai') await parties.photo.mends.recogniseAgain(photos);
  // Before the job: it may run at once.
  await parties[service].mends.release([{ id }]);
  if (service === 'ai') await parties.upload.mends.recogniseAgain(photos);
  else await parties.upload.mends.deriveAgain(photos);
}

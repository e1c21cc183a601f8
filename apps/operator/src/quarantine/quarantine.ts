import { sql } from 'kysely';
import { z } from 'zod';
import { type Database, rowsOf } from '../reconcile/database.ts';
import type { Parties } from '../reconcile/parties.ts';

const row = z.object({ thing: z.string(), deaths: z.number(), since: z.date() });

/** A picture that killed processes of a service and is not tried any more. */
export type QuarantinedPicture = z.output<typeof row> & { readonly service: 'ai' | 'upload' };

type QuarantineParties = Pick<Parties, 'ai' | 'upload' | 'photo'>;

const listedMax = 10_000;

/** The newest first. */
export async function listQuarantined({ ai, upload }: QuarantineParties): Promise<QuarantinedPicture[]> {
  const read = async (service: 'ai' | 'upload', db: Database) => {
    const query = sql`select thing, death_count as deaths, quarantined_at as since from risky_work
      where quarantined_at is not null order by quarantined_at desc limit ${listedMax}`;
    return (await rowsOf(db, row, query)).map((picture) => ({ service, ...picture }));
  };
  const all = [...(await read('ai', ai.db)), ...(await read('upload', upload.db))];
  return all.sort((a, b) => b.since.getTime() - a.since.getTime());
}

/**
 * Lets a picture go: it is tried anew as if nothing had been, a photo at once, a selfie or a file when it is sent again. May be repeated after
 * any step.
 */
export async function release(parties: QuarantineParties, { service, thing }: QuarantinedPicture): Promise<void> {
  const [kind, id = ''] = thing.split('/');
  const isPhoto = kind === 'photo' && z.guid().safeParse(id).success;
  // A photo whose job gets lost behind this is one that `reconcile` finds.
  if (isPhoto && service === 'ai') {
    await sql`update photos set recognition = 'pending', recognition_failure = null
      where photo_id = ${id} and recognition = 'failed'`.execute(parties.photo.db);
  }
  // Before the job: it may run at once.
  await sql`delete from risky_work where thing = ${thing} and quarantined_at is not null`.execute(parties[service].db);
  if (!isPhoto) return;
  if (service === 'ai') await parties.upload.recogniseAgain(id);
  else await parties.upload.deriveAgain(id);
}

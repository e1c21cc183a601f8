import { type Bucket, buckets } from '@kilas/storage/buckets.ts';
import type { NamedKey } from '@kilas/upload/reconcile/open-holdings.ts';
import { batchesOf } from '../../batches.ts';
import { type AnyCheck, type Check, type Dangling, idOf, type Tally, toAny } from '../check.ts';
import { mergeKeys } from '../merge-keys.ts';
import type { Parties } from '../parties.ts';

/** The storage, and the rows that name what lies there. */
export function objectChecks(parties: Parties): AnyCheck[] {
  return [
    ...buckets.map((bucket) => toAny(rowsWithoutObject(parties, bucket))),
    ...buckets.map((bucket) => toAny(objectsWithoutRow(parties, bucket))),
  ];
}

type MissingObject = NamedKey & Dangling;

function rowsWithoutObject(parties: Parties, bucket: Bucket): Check<MissingObject> {
  const { upload, photo, transaction, objects, ai, before } = parties;
  const isNeeded = ({ isRequired, changedAt }: NamedKey) => isRequired && changedAt < before;
  return {
    name: `rows → ${bucket}`,
    isGrave: bucket === 'originals',
    advice: 'look for these originals in another backup of the objects',
    async *find(tally) {
      const missing = await compare(parties, bucket, tally, ({ left, right }) =>
        left === undefined && right !== undefined && isNeeded(right) ? right : undefined,
      );
      for await (const batch of batchesOf(fromArray(missing), 500)) {
        const photos = await photo.holds.photos.find(batch.flatMap(({ ownerId }) => ownerId ?? []));
        const sold = await transaction.holds.sold.find([...photos.keys()]);
        for (const row of batch) {
          const owner = row.ownerId ?? '';
          if (row.kind === 'processed' && photos.get(owner)?.recognition !== 'done') continue;
          // Deleted meanwhile, with its row.
          if (await objects.exists({ bucket, key: row.key })) continue;
          const isLoud = row.kind === 'original' && sold.has(owner);
          const id = `${row.kind} of ${owner}`;
          yield { ...row, id, ...(isLoud ? { person: 'SOLD, AND ITS ORIGINAL IS MISSING' } : {}) };
        }
      }
    },
    mend: async (rows) => {
      const ownersOf = (...kinds: NamedKey['kind'][]) => {
        const ids = rows.filter(({ kind }) => kinds.includes(kind)).map(({ ownerId }) => ownerId ?? '');
        return [...new Set(ids)].map((id) => ({ id }));
      };
      const without = (these: readonly Dangling[], others: readonly Dangling[]) => {
        const ids = new Set(others.map(idOf));
        return these.filter(({ id }) => !ids.has(id));
      };
      const lost = ownersOf('original');
      const failures = lost.map(({ id }) => ({ id, reason: 'ORIGINAL_MISSING' }));
      await photo.mends.failPhotos(failures);
      await upload.mends.failUploads(failures);
      const unmade = without(ownersOf('compressed', 'preview', 'preview_small', 'thumbnail', 'thumbnail_small'), lost);
      await upload.mends.deriveAgain(unmade);
      await upload.mends.recogniseAgain(without(ownersOf('processed'), [...lost, ...unmade]));
      const facecams = ownersOf('selfie');
      // With a template the selfie is not needed, and without one there will be none.
      const enrolled = await ai.holds.enrolled.find(facecams.map(idOf));
      await upload.mends.forgetSelfies([...enrolled.values()]);
      await upload.mends.failFacecams(facecams.filter(({ id }) => !enrolled.has(id)));
    },
  };
}

type Orphan = Dangling & { readonly bucket: Bucket; readonly key: string };

function objectsWithoutRow(parties: Parties, bucket: Bucket): Check<Orphan> {
  const { photo, objects, before } = parties;
  return {
    name: `${bucket} → rows`,
    isGrave: bucket === 'originals',
    deletesOriginals: bucket === 'originals',
    advice:
      bucket === 'originals'
        ? 'newer than the databases, perhaps, and sold: when you are sure that they are not, --mend --delete-originals'
        : 'nobody names these objects: npm run reconcile -- --mend deletes them',
    async *find(tally) {
      const orphans = await compare(parties, bucket, tally, ({ left, right }) =>
        right === undefined && left !== undefined && left.modifiedAt < before ? left : undefined,
      );
      for await (const batch of batchesOf(fromArray(orphans), 500)) {
        // Those of a photo that lost its upload are needed to make that anew.
        const named = await photo.holds.objectKeys.find(bucket === 'selfies' ? [] : batch.map(({ key }) => key));
        for (const { key } of batch) if (!named.has(key)) yield { id: `${bucket}/${key}`, bucket, key };
      }
    },
    mend: async (rows) => {
      for (const { key } of rows) await objects.delete({ bucket, key });
    },
  };
}

/** Chooses among all pairs of an object and the row that names it. */
async function compare<Chosen>(
  { upload, objects }: Parties,
  bucket: Bucket,
  tally: Tally,
  choose: (pair: { left?: { key: string; modifiedAt: Date }; right?: NamedKey }) => Chosen | undefined,
): Promise<Chosen[]> {
  return upload.withNamedKeys(bucket, async (keys) => {
    const chosen: Chosen[] = [];
    for await (const pair of mergeKeys(objects.list(bucket), keys)) {
      tally.checked += 1;
      const one = choose(pair);
      if (one !== undefined) chosen.push(one);
    }
    return chosen;
  });
}

async function* fromArray<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  yield* items;
}

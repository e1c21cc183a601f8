import { type AnyCheck, type Check, type Dangling, toAny, unknownOf } from '../check.ts';
import type { Parties } from '../parties.ts';

const advice = 'the accounts are of an older state than the rest: restore a newer backup of user';

/** Whoever a row names has an account. Those with a face are looked at among the consents. */
export function memberChecks(parties: Parties): AnyCheck[] {
  const { photo, transaction } = parties;
  return [
    toAny(withoutAccount(parties, 'creators of photos', () => photo.people('creator'))),
    toAny(withoutAccount(parties, 'owners of events', () => photo.people('owner'))),
    toAny(withoutAccount(parties, 'buyers', () => transaction.buyers())),
    toAny(
      withoutAccount(
        parties,
        'collections',
        () => photo.people('collector'),
        (ids) => photo.deleteCollectionsOf(ids),
      ),
    ),
    toAny(namelessCreators(parties)),
  ];
}

function withoutAccount(
  { user }: Parties,
  who: string,
  people: () => AsyncIterable<{ id: string }[]>,
  remove?: (ids: readonly string[]) => Promise<void>,
): Check<Dangling> {
  return {
    name: `${who} → accounts`,
    advice,
    async *find(tally) {
      for await (const { id } of unknownOf(
        people(),
        tally,
        (row) => row.id,
        (ids) => user.listAccounts(ids),
      )) {
        yield remove === undefined ? { id, person: 'there is no such account' } : { id };
      }
    },
    ...(remove === undefined ? {} : { mend: (rows) => remove(rows.map(({ id }) => id)) }),
  };
}

type Creator = Dangling & { readonly displayName: string; readonly joinedAt: Date };

function namelessCreators({ user, photo }: Parties): Check<Creator> {
  return {
    name: 'creators → names in the catalogue',
    advice: 'see docs/runbooks/stuck-queue.md',
    find: (tally) =>
      unknownOf(
        user.creators(),
        tally,
        ({ id }) => id,
        (ids) => photo.listNamedCreators(ids),
      ),
    mend: async (rows) => {
      for (const row of rows) await photo.nameCreator(row);
    },
  };
}

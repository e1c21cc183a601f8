import type { Held } from '@kilas/platform/service/holdings.ts';
import { type AnyCheck, type Check, type Dangling, idOf, missingIn, toAny } from '../check.ts';
import type { Parties } from '../parties.ts';

interface Person {
  readonly id: string;
}

/** Whoever a row names has an account. Those with a face are looked at among the consents. */
export function memberChecks(parties: Parties): AnyCheck[] {
  const { photo, transaction } = parties;
  return [
    toAny(withoutAccount(parties, 'creators of photos', photo.holds.photographers)),
    toAny(withoutAccount(parties, 'owners of events', photo.holds.eventOwners)),
    toAny(withoutAccount(parties, 'buyers', transaction.holds.buyers)),
    toAny(withoutAccount(parties, 'collections', photo.holds.collectors, photo.mends.deleteCollections)),
    toAny(namelessCreators(parties)),
  ];
}

function withoutAccount(
  { user }: Parties,
  who: string,
  people: Held<Person>,
  mend?: (people: readonly Person[]) => Promise<void>,
): Check<Dangling> {
  return {
    name: `${who} → accounts`,
    advice: 'the accounts are of an older state than the rest: restore a newer backup of user',
    async *find(tally) {
      for await (const { id } of missingIn(user.holds.accounts, people, tally, idOf)) {
        yield mend === undefined ? { id, person: 'there is no such account' } : { id };
      }
    },
    ...(mend === undefined ? {} : { mend }),
  };
}

type Creator = Dangling & { readonly displayName: string; readonly joinedAt: Date };

function namelessCreators({ user, photo }: Parties): Check<Creator> {
  return {
    name: 'creators → names in the catalogue',
    advice: 'see docs/runbooks/stuck-queue.md',
    find: (tally) => missingIn(photo.holds.creators, user.holds.creators, tally, idOf),
    mend: photo.mends.nameCreators,
  };
}

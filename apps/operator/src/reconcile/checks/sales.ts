import { type AnyCheck, type Check, type Dangling, idOf, missingIn, toAny } from '../check.ts';
import type { Parties } from '../parties.ts';

const callPeople = 'somebody paid for these: look for them in another backup, and do not delete anything';

/** What was sold, and the books. */
export function saleChecks(parties: Parties): AnyCheck[] {
  return [
    toAny(licencesWithoutPhoto(parties)),
    toAny(ordersWithoutPhoto(parties)),
    toAny(exclusivesOnSale(parties)),
    toAny(boughtUnknown(parties)),
    toAny(boughtWithoutLicence(parties)),
    toAny(brokenLedger(parties)),
  ];
}

type Sold = Dangling & { readonly photoId: string; readonly buyerId: string };

const photoOf = ({ photoId }: { readonly photoId: string }) => photoId;
const saleOf = ({ buyerId, photoId }: Pick<Sold, 'buyerId' | 'photoId'>) => `${buyerId} ${photoId}`;

function licencesWithoutPhoto({ transaction, photo }: Parties): Check<Dangling> {
  return {
    name: 'licences → photos',
    advice: callPeople,
    async *find(tally) {
      const missing = missingIn(photo.holds.photos, transaction.holds.licences, tally, photoOf);
      for await (const { id, photoId } of missing) yield { id, person: `SOLD, AND THE PHOTO ${photoId} IS NOT THERE` };
    },
  };
}

function ordersWithoutPhoto({ transaction, photo }: Parties): Check<Dangling> {
  return {
    name: 'ordered photos → photos',
    advice: callPeople,
    async *find(tally) {
      const missing = missingIn(photo.holds.photos, transaction.holds.ordered, tally, idOf);
      for await (const { id, orderId } of missing) yield { id, person: `order ${orderId} holds it` };
    },
  };
}

/** The database lets nobody buy one twice; the catalogue must not offer it. */
function exclusivesOnSale({ transaction, photo }: Parties): Check<Sold> {
  return {
    name: 'exclusive licences → sold out',
    advice: 'see docs/runbooks/stuck-queue.md',
    async *find(tally) {
      for await (const page of transaction.holds.licences.pages()) {
        const exclusive = page.filter(({ isExclusive }) => isExclusive);
        tally.checked += exclusive.length;
        const photos = await photo.holds.photos.find(exclusive.map(photoOf));
        yield* exclusive.filter(({ photoId }) => photos.get(photoId)?.isSoldOut === false);
      }
    },
    mend: photo.mends.markSoldOut,
  };
}

/** As lost with a restored database, or sold before the catalogue kept who bought what: it offers the photo to its buyer again. */
function boughtUnknown({ transaction, photo }: Parties): Check<Sold> {
  return {
    name: 'licences → bought photos',
    advice: 'see docs/runbooks/stuck-queue.md',
    find: (tally) => missingIn(photo.holds.bought, transaction.holds.licences, tally, saleOf),
    isAdditive: true,
    mend: photo.mends.addBought,
  };
}

/** Sold after the state that the books were restored to: the buyer has nothing, and must be able to buy it, or to pay once more for the same order. */
function boughtWithoutLicence({ transaction, photo }: Parties): Check<Sold> {
  return {
    name: 'bought photos → licences',
    advice: 'see docs/runbooks/stuck-queue.md',
    async *find(tally) {
      for await (const row of missingIn(transaction.holds.licensed, photo.holds.bought, tally, saleOf))
        yield { ...row, id: `photo ${row.photoId}, member ${row.buyerId}` };
    },
    mend: photo.mends.deleteBought,
  };
}

function brokenLedger({ transaction }: Parties): Check<Dangling> {
  return {
    name: 'ledger',
    advice: 'the books were changed from outside or lost entries: keep this state, and compare it with another backup',
    async *find(tally) {
      const verdict = await transaction.verifyLedger();
      tally.checked += Number(verdict.sequence);
      if (verdict.state === 'broken')
        yield { id: `entry ${verdict.sequence}`, person: `IT IS ${verdict.fault.toUpperCase()}` };
    },
  };
}

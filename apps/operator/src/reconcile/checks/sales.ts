import { type AnyCheck, type Check, type Dangling, toAny, unknownOf } from '../check.ts';
import type { Parties } from '../parties.ts';
import type { BoughtRow } from '../photo.ts';
import type { LicenceRow } from '../transaction.ts';

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

function licencesWithoutPhoto({ transaction, photo, before }: Parties): Check<LicenceRow & Dangling> {
  return {
    name: 'licences → photos',
    advice: callPeople,
    async *find(tally) {
      const pages = transaction.licences(before);
      const missing = unknownOf(
        pages,
        tally,
        ({ photoId }) => photoId,
        (ids) => photo.listKnown(ids),
      );
      for await (const row of missing) yield { ...row, person: `SOLD, AND THE PHOTO ${row.photoId} IS NOT THERE` };
    },
  };
}

function ordersWithoutPhoto({ transaction, photo, before }: Parties): Check<Dangling> {
  return {
    name: 'ordered photos → photos',
    advice: callPeople,
    async *find(tally) {
      const pages = transaction.orderedPhotos(before);
      const missing = unknownOf(
        pages,
        tally,
        ({ id }) => id,
        (ids) => photo.listKnown(ids),
      );
      for await (const { id, orderId } of missing) yield { id, person: `order ${orderId} holds it` };
    },
  };
}

/** The database lets nobody buy one twice; the catalogue must not offer it. */
function exclusivesOnSale({ transaction, photo, before }: Parties): Check<LicenceRow & Dangling> {
  return {
    name: 'exclusive licences → sold out',
    advice: 'see docs/runbooks/stuck-queue.md',
    async *find(tally) {
      for await (const page of transaction.licences(before)) {
        const exclusive = page.filter(({ isExclusive }) => isExclusive);
        tally.checked += exclusive.length;
        const ids = exclusive.map(({ photoId }) => photoId);
        const [known, soldOut] = [await photo.listKnown(ids), await photo.listSoldOut(ids)];
        yield* exclusive.filter(({ photoId }) => known.has(photoId) && !soldOut.has(photoId));
      }
    },
    mend: (rows) => photo.markSoldOut(rows.map(({ photoId }) => photoId)),
  };
}

/** As lost with a restored database, or sold before the catalogue kept who bought what: it offers the photo to its buyer again. */
function boughtUnknown({ transaction, photo, before }: Parties): Check<LicenceRow & Dangling> {
  return {
    name: 'licences → bought photos',
    advice: 'see docs/runbooks/stuck-queue.md',
    async *find(tally) {
      for await (const page of transaction.licences(before)) {
        tally.checked += page.length;
        const bought = await photo.listBought(page);
        yield* page.filter(({ buyerId, photoId }) => !bought.has(`${buyerId} ${photoId}`));
      }
    },
    isAdditive: true,
    mend: (rows) => photo.addBought(rows),
  };
}

/** Sold after the state that the books were restored to: the buyer has nothing, and must be able to buy it, or to pay once more for the same order. */
function boughtWithoutLicence({ transaction, photo }: Parties): Check<BoughtRow & Dangling> {
  return {
    name: 'bought photos → licences',
    advice: 'see docs/runbooks/stuck-queue.md',
    async *find(tally) {
      for await (const page of photo.bought()) {
        tally.checked += page.length;
        const licensed = await transaction.listLicensed(page);
        const missing = page.filter(({ buyerId, photoId }) => !licensed.has(`${buyerId} ${photoId}`));
        yield* missing.map((row) => ({ ...row, id: `photo ${row.photoId}, member ${row.buyerId}` }));
      }
    },
    mend: (rows) => photo.deleteBought(rows),
  };
}

function brokenLedger({ transaction }: Parties): Check<Dangling> {
  return {
    name: 'ledger',
    advice: 'the books were changed from outside or lost entries: keep this state, and compare it with another backup',
    async *find(tally) {
      const { entries, faults, isSealed } = await transaction.readLedger();
      tally.checked += entries;
      if (faults > 0)
        yield { id: `${faults} entries`, person: 'A GAP, A BROKEN SEAL, OR POSTINGS THAT DO NOT SUM TO ZERO' };
      if (!isSealed) yield { id: 'head', person: 'THE HEAD IS NOT THE LAST ENTRY' };
    },
  };
}

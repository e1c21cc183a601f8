import { ConsentWithdrawnSchema } from '@kilas/contracts/gen/kilas/user/v1/events_pb.js';
import type { Held } from '@kilas/platform/service/holdings.ts';
import { z } from 'zod';
import { batchesOf } from '../../batches.ts';
import { type AnyCheck, type Check, type Dangling, type Tally, toAny } from '../check.ts';
import type { Parties } from '../parties.ts';

interface Withdrawal {
  readonly memberId: string;
  readonly epoch: number;
}

interface Receipt extends Dangling, Withdrawal {
  readonly requestedAt: Date;
}

const withdrawal = z.object({ memberId: z.uuid(), epoch: z.number().int() });
const restoreAgain = 'stop the services and run npm run restore -- --after-physical';
const memberOf = ({ memberId }: { readonly memberId: string }) => memberId;

/** Faces are there under a consent in force, and nowhere else. */
export function consentChecks(parties: Parties): AnyCheck[] {
  return [
    toAny(unknownErasures(parties)),
    toAny(unwrittenErasures(parties)),
    toAny(missingTombstones(parties, 'receipts', () => parties.user.holds.receipts.pages())),
    toAny(missingTombstones(parties, 'journal', () => journalOf(parties))),
    toAny(templatesWithoutConsent(parties)),
    toAny(facecamsWithoutConsent(parties)),
    toAny(matchesWithoutConsent(parties)),
    toAny(noticesWithoutConsent(parties)),
  ];
}

/** The withdrawals that the journal of erasures holds. */
async function* journalOf({ journal }: Parties): AsyncGenerator<Withdrawal[]> {
  for await (const eventIds of batchesOf(journal.eventIds(), 500)) {
    const entries = await Promise.all(eventIds.map((eventId) => journal.read(eventId)));
    const withdrawn = entries.filter(({ type }) => type === ConsentWithdrawnSchema.typeName);
    yield withdrawn.map(({ payload }) => withdrawal.parse(payload));
  }
}

function unknownErasures(parties: Parties): Check<Dangling> {
  const { accounts, withdrawals } = parties.user.holds;
  return {
    name: 'journal → receipts',
    advice: restoreAgain,
    async *find(tally) {
      for await (const page of journalOf(parties)) {
        tally.checked += page.length;
        const memberIds = page.map(memberOf);
        const [known, withdrawn] = [await accounts.find(memberIds), await withdrawals.find(memberIds)];
        for (const { memberId, epoch } of page) {
          // Whoever registered after the state that was restored is not there.
          if (!known.has(memberId) || (withdrawn.get(memberId)?.epoch ?? 0) >= epoch) continue;
          yield { id: `member ${memberId}, epoch ${epoch}`, person: 'user has not heard of it' };
        }
      }
    },
  };
}

function unwrittenErasures({ user, journal }: Parties): Check<Receipt> {
  return {
    name: 'receipts → journal',
    advice: 'see that the journal of erasures can be written',
    async *find(tally) {
      const written = new Set(await Array.fromAsync(journal.eventIds()));
      for await (const page of user.holds.receipts.pages()) {
        tally.checked += page.length;
        yield* page.filter(({ id }) => !written.has(id));
      }
    },
    mend: async (rows) => {
      for (const { id: eventId, memberId, epoch, requestedAt: occurredAt } of rows) {
        const { typeName: type } = ConsentWithdrawnSchema;
        // Nobody knows any more which levels the member chose, so everything that they may have been shown is erased again.
        const payload = { memberId, epoch, loosestLevel: 1 };
        await journal.append({ eventId, type, key: memberId, occurredAt, payload });
      }
    },
  };
}

function missingTombstones(
  { ai, photo, upload }: Parties,
  source: string,
  withdrawals: () => AsyncIterable<readonly Withdrawal[]>,
): Check<Withdrawal & Dangling> {
  const holders = { ai, photo, upload };
  return {
    name: `${source} → tombstones`,
    advice: restoreAgain,
    async *find(tally) {
      for await (const page of withdrawals()) {
        tally.checked += page.length;
        for (const [name, { holds }] of Object.entries(holders)) {
          const erased = await holds.erasures.find(page.map(memberOf));
          for (const { memberId, epoch } of page) {
            if ((erased.get(memberId)?.epoch ?? 0) >= epoch) continue;
            yield { id: `${name}: member ${memberId}, epoch ${epoch}`, memberId, epoch };
          }
        }
      }
    },
    mend: async (rows) => {
      for (const { mends } of Object.values(holders)) await mends.eraseMembers(rows);
    },
  };
}

/** Those of rows under a consent that is not in force; without an epoch, whichever it is. */
async function* forbiddenOf<Row extends { readonly memberId: string; readonly epoch?: number }>(
  { user }: Parties,
  held: Held<Row>,
  tally: Tally,
): AsyncGenerator<Row> {
  for await (const page of held.pages()) {
    tally.checked += page.length;
    const consents = await user.holds.consents.find([...new Set(page.map(memberOf))]);
    yield* page.filter(({ memberId, epoch }) => {
      const epochs = consents.get(memberId)?.epochs ?? [];
      return epoch === undefined ? epochs.length === 0 : !epochs.includes(epoch);
    });
  }
}

function templatesWithoutConsent(parties: Parties): Check<Withdrawal & Dangling> {
  const { ai } = parties;
  return {
    name: 'templates → consents',
    advice: restoreAgain,
    find: (tally) => forbiddenOf(parties, ai.holds.templates, tally),
    mend: ai.mends.eraseFaces,
  };
}

/** Their selfies are objects that nobody names from then on. */
function facecamsWithoutConsent(parties: Parties): Check<Dangling> {
  const { upload } = parties;
  return {
    name: 'facecams → consents',
    advice: restoreAgain,
    find: (tally) => forbiddenOf(parties, upload.holds.facecams, tally),
    mend: upload.mends.deleteFacecams,
  };
}

function matchesWithoutConsent(
  parties: Parties,
): Check<Dangling & { readonly photoId: string; readonly memberId: string }> {
  const { photo } = parties;
  return {
    name: 'matches → consents',
    advice: restoreAgain,
    async *find(tally) {
      for await (const row of forbiddenOf(parties, photo.holds.matches, tally)) {
        yield { ...row, id: `photo ${row.photoId}, member ${row.memberId}` };
      }
    },
    mend: photo.mends.deleteMatches,
  };
}

function noticesWithoutConsent(parties: Parties): Check<Dangling> {
  const { user } = parties;
  return {
    name: 'notices of matches → consents',
    advice: restoreAgain,
    find: (tally) => forbiddenOf(parties, user.holds.matchNotices, tally),
    mend: user.mends.deleteNotices,
  };
}

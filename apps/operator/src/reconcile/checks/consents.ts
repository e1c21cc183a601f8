import { ConsentWithdrawnSchema } from '@kilas/contracts/gen/kilas/user/v1/events_pb.js';
import { z } from 'zod';
import { batchesOf } from '../../batches.ts';
import type { TemplateRow } from '../ai.ts';
import { type AnyCheck, type Check, type Dangling, type Tally, toAny } from '../check.ts';
import type { Parties } from '../parties.ts';
import type { MatchRow } from '../photo.ts';
import { listErased } from '../tombstones.ts';
import type { FacecamRow } from '../upload.ts';
import type { ReceiptRow } from '../user.ts';

interface Withdrawal {
  readonly memberId: string;
  readonly epoch: number;
}

const withdrawal = z.object({ memberId: z.uuid(), epoch: z.number().int() });
const restoreAgain = 'stop the services and run npm run restore -- --after-physical';

/** Faces are there under a consent in force, and nowhere else. */
export function consentChecks(parties: Parties): AnyCheck[] {
  return [
    toAny(unknownErasures(parties)),
    toAny(unwrittenErasures(parties)),
    toAny(missingTombstones(parties, 'receipts', () => parties.user.receipts(parties.before))),
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

function unknownErasures(parties: Parties): Check<Withdrawal & Dangling> {
  const { user } = parties;
  return {
    name: 'journal → receipts',
    advice: restoreAgain,
    async *find(tally) {
      for await (const page of journalOf(parties)) {
        tally.checked += page.length;
        const memberIds = page.map(({ memberId }) => memberId);
        const [accounts, withdrawn] = [await user.listAccounts(memberIds), await user.listWithdrawn(memberIds)];
        for (const { memberId, epoch } of page) {
          // Whoever registered after the state that was restored is not there.
          if (!accounts.has(memberId) || (withdrawn.get(memberId) ?? 0) >= epoch) continue;
          yield { id: `member ${memberId}, epoch ${epoch}`, memberId, epoch, person: 'user has not heard of it' };
        }
      }
    },
  };
}

function unwrittenErasures({ user, journal, before }: Parties): Check<ReceiptRow & Dangling> {
  return {
    name: 'receipts → journal',
    advice: 'see that the journal of erasures can be written',
    async *find(tally) {
      const written = new Set(await Array.fromAsync(journal.eventIds()));
      for await (const page of user.receipts(before)) {
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
        for (const [name, { db }] of Object.entries(holders)) {
          const erased = await listErased(
            db,
            page.map(({ memberId }) => memberId),
          );
          for (const { memberId, epoch } of page) {
            if ((erased.get(memberId) ?? 0) >= epoch) continue;
            yield { id: `${name}: member ${memberId}, epoch ${epoch}`, memberId, epoch };
          }
        }
      }
    },
    mend: async (rows) => {
      for (const { memberId, epoch } of rows) {
        for (const holder of Object.values(holders)) await holder.eraseMember(memberId, epoch);
      }
    },
  };
}

/** Those of rows under a consent that is not in force. */
async function* forbiddenOf<Row extends Withdrawal>(
  { user, before }: Parties,
  pages: AsyncIterable<readonly Row[]>,
  tally: Tally,
): AsyncGenerator<Row> {
  for await (const page of pages) {
    tally.checked += page.length;
    const consents = await user.listConsents(page, before);
    yield* page.filter(({ memberId, epoch }) => !consents.has(`${memberId} ${epoch}`));
  }
}

function templatesWithoutConsent(parties: Parties): Check<TemplateRow & Dangling> {
  const { ai, before } = parties;
  return {
    name: 'templates → consents',
    advice: restoreAgain,
    find: (tally) => forbiddenOf(parties, ai.templates(before), tally),
    mend: (rows) => ai.eraseTemplates(rows.map(({ id }) => id)),
  };
}

/** Their selfies are objects that nobody names from then on. */
function facecamsWithoutConsent(parties: Parties): Check<FacecamRow & Dangling> {
  const { upload, before } = parties;
  return {
    name: 'facecams → consents',
    advice: restoreAgain,
    find: (tally) => forbiddenOf(parties, upload.facecams(before), tally),
    mend: (rows) => upload.deleteFacecams(rows.map(({ id }) => id)),
  };
}

function matchesWithoutConsent(parties: Parties): Check<MatchRow & Dangling> {
  const { photo, before } = parties;
  return {
    name: 'matches → consents',
    advice: restoreAgain,
    async *find(tally) {
      for await (const row of forbiddenOf(parties, photo.matches(before), tally)) {
        yield { ...row, id: `photo ${row.photoId}, member ${row.memberId}` };
      }
    },
    mend: (rows) => photo.deleteMatches(rows),
  };
}

function noticesWithoutConsent({ user, before }: Parties): Check<Dangling> {
  return {
    name: 'notices of matches → consents',
    advice: restoreAgain,
    async *find(tally) {
      tally.checked += await user.countNotices();
      for (const id of await user.listForbiddenNotices(before)) yield { id };
    },
    mend: (rows) => user.deleteNotices(rows.map(({ id }) => id)),
  };
}

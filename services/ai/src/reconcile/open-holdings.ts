import { openForReading } from '@kilas/platform/db/open-for-reading.ts';
import { systemClock } from '@kilas/platform/process/clock.ts';
import { deleteQuarantined } from '@kilas/platform/risky-work/risky-work-store.ts';
import { type HoldingsOptions, menderOn } from '@kilas/platform/service/holdings.ts';
import type { Kysely } from 'kysely';
import { cutOffUntil } from '../claims/cut-off.ts';
import type { AiSchema } from '../db/schema.ts';
import { takeAway } from '../facecams/take-away.ts';
import { deleteRecognitions } from '../faces/face-store.ts';
import { deleteEventOfPhoto, updateEventOfPhotos } from '../faces/photo-event-store.ts';
import { lockMember } from '../members/member-store.ts';
import { deletePhotos } from '../photos/delete-photos.ts';
import { upsertRetention } from '../retention/retention-store.ts';
import { deleteConfirmedTemplates } from '../templates/confirmed-store.ts';
import { deleteTemplates } from '../templates/template-store.ts';
import { eraseFaces, eraseMember } from '../withdrawals/erase-member.ts';
import { holdingsIn } from './held-store.ts';

export async function openHoldings({ databaseUrl, before }: HoldingsOptions) {
  const db = openForReading<AiSchema>(databaseUrl);
  return { holds: holdingsIn(db, before), mends: mendsIn(db), close: () => db.destroy() };
}

interface Thing {
  readonly id: string;
}

interface Consent {
  readonly memberId: string;
  readonly epoch: number;
}

/** Nobody tells any more which levels the members chose: whatever they may have been shown is erased. */
const withdrawalOf = ({ memberId, epoch }: Consent) => ({ memberId, epoch, loosestLevel: 1 });

function mendsIn(db: Kysely<AiSchema>) {
  const mend = menderOn(db);
  const until = cutOffUntil(systemClock.now(), systemClock.now());
  return {
    eraseMembers: mend<Consent>((tx, consent) => eraseMember(tx, withdrawalOf(consent), until)),
    /** Of consents that user does not know: without a tombstone, since the member may yet give one of this epoch. */
    eraseFaces: mend<Consent>(async (tx, consent) => {
      await lockMember(tx, consent.memberId);
      await eraseFaces(tx, withdrawalOf(consent), until);
    }),
    /** What rests on them ends with them; the faces in the photos are nobody's from then on. */
    deleteTemplates: async (templates: readonly (Thing & { readonly memberId: string })[]) => {
      for (const { id, memberId } of templates) {
        await takeAway(db, memberId, async (tx) => {
          await deleteTemplates(tx, id, memberId);
          await deleteConfirmedTemplates(tx, memberId, 'without selfie');
        });
      }
    },
    /** Photos that their creator deleted: late work for them stores nothing from then on. */
    deletePhotos: mend<Thing>((tx, { id }) => {
      const now = systemClock.now();
      return deletePhotos(tx, [id], { askedAt: now, now });
    }),
    /** With the faces, and the matches that rest on them. */
    deleteRecognitions: mend<Thing>(async (tx, { id }) => {
      await deleteRecognitions(tx, id);
      await deleteEventOfPhoto(tx, id);
    }),
    movePhotos: mend<Thing & { eventId: string | null }>((tx, { id, eventId }) =>
      updateEventOfPhotos(tx, [id], eventId),
    ),
    setRetentions: mend<Thing & { facesUntil: Date }>((tx, { id, facesUntil }) =>
      upsertRetention(tx, { eventId: id, facesUntil }),
    ),
    release: mend<Thing>((tx, { id }) => deleteQuarantined(tx, id)),
  };
}

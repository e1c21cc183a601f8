import type { Target } from '@kilas/installation/target/target.ts';
import { addSeconds, systemClock } from '@kilas/platform/process/clock.ts';
import type { AnyCheck, Result } from './check.ts';
import { consentChecks } from './checks/consents.ts';
import { deletionChecks } from './checks/deletions.ts';
import { faceChecks } from './checks/faces.ts';
import { memberChecks } from './checks/members.ts';
import { objectChecks } from './checks/objects.ts';
import { photoChecks } from './checks/photos.ts';
import { saleChecks } from './checks/sales.ts';
import { type Parties, withParties } from './parties.ts';

export interface ReconcileOptions {
  readonly target: Target;
  readonly isMending: boolean;
  readonly isForced?: boolean;
  /** Also deletes originals that no row names. */
  readonly isDeletingOriginals?: boolean;
  /** What is younger may be in motion, and is left alone; 0 where nobody serves. */
  readonly graceSeconds: number;
  readonly onWait?: (message: string) => void;
}

export interface Report {
  readonly results: readonly Result[];
  /** What still dangles. */
  readonly danglingCount: number;
}

/** Compares the five databases with each other, with the objects and with the journal of erasures. */
export async function reconcile(options: ReconcileOptions): Promise<Report> {
  const { target, isMending, isForced = false, isDeletingOriginals = false, graceSeconds, onWait } = options;
  const before = addSeconds(systemClock.now(), -graceSeconds);
  const results = await withParties(target, before, async (parties) => {
    const done: Result[] = [];
    for (const check of checksOf(parties)) {
      onWait?.(check.name);
      done.push(await check.run({ isMending, isForced, isDeletingOriginals, isServing: graceSeconds > 0 }));
    }
    return done;
  });
  return { results, danglingCount: results.reduce((sum, { remaining }) => sum + remaining, 0) };
}

/** What has to go goes first; what rests on photos is looked at when those fit together; objects when all rows do. */
function checksOf(parties: Parties): AnyCheck[] {
  return [
    ...consentChecks(parties),
    ...memberChecks(parties),
    ...deletionChecks(parties),
    ...photoChecks(parties),
    ...faceChecks(parties),
    ...saleChecks(parties),
    ...objectChecks(parties),
  ];
}

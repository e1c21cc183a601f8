import { CutOffFacesDueSchema } from '@kilas/contracts/gen/kilas/user/v1/events_pb.js';
import { transact } from '@kilas/platform/db/transact.ts';
import { timedJob } from '@kilas/platform/jobs/job-kinds.ts';
import type { UserContext } from '../context.ts';
import { lockDueCutOffs, markCutOffAsked } from './receipt-store.ts';

export const askForCutOffOften = timedJob({
  name: 'ask-for-cut-off',
  cron: '*/10 * * * *',
  retryCountMax: 3,
  retryDelaySeconds: 60,
  retryDelayMaxSeconds: 600,
  timeoutSeconds: 300,
});

const receiptsPerRound = 100;

/**
 * Asks after the faces that withdrawals cut off, once their time is over; the event comes again until they are gone. Its key is its own: no later
 * event of the member waits for it.
 */
export async function askForCutOff(ctx: Pick<UserContext, 'db' | 'clock' | 'outbox'>): Promise<void> {
  for (;;) {
    const count = await transact(ctx.db, async (tx) => {
      const now = ctx.clock.now();
      const due = await lockDueCutOffs(tx, now, receiptsPerRound);
      for (const { receipt_id: receiptId, event_id: erasureId } of due) {
        await ctx.outbox.publish(tx, CutOffFacesDueSchema, erasureId, { erasureId });
        await markCutOffAsked(tx, receiptId, now);
      }
      return due.length;
    });
    if (count < receiptsPerRound) return;
  }
}

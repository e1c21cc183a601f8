import { printReport } from '../reconcile/print-report.ts';
import { reconcile } from '../reconcile/reconcile.ts';
import type { Target } from '../target/target.ts';
import { replayErasures } from './replay-erasures.ts';

export interface SettleOptions {
  readonly target: Target;
  readonly onStep: (message: string) => void;
}

/**
 * What every restored installation needs before anything serves on it, by whatever means it was restored: withdrawals since
 * then are carried out again, and what does not fit together is mended. True when nothing dangles.
 */
export async function settle({ target, onStep }: SettleOptions): Promise<boolean> {
  const replayed = await replayErasures(target);
  const counts = Object.entries(replayed).map(([service, count]) => `${service} ${count}`);
  onStep(`withdrawals that the databases had not heard of: ${counts.join(', ')}`);
  // Nothing is in motion: all that dangles does so for good.
  const report = await reconcile({ target, isMending: true, graceSeconds: 0 });
  printReport(report);
  return report.danglingCount === 0;
}

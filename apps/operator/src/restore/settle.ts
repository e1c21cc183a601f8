import type { Target } from '@kilas/installation/target/target.ts';
import { printReport } from '../reconcile/print-report.ts';
import { reconcile } from '../reconcile/reconcile.ts';
import { replayErasures } from './replay-erasures.ts';

export interface SettleOptions {
  readonly target: Target;
  /** Whether all objects are copies from the backup: then one that no row names is not the only one. */
  readonly areObjectsCopies: boolean;
  readonly onStep: (message: string) => void;
}

/**
 * What every restored installation needs before anything serves on it, by whatever means it was restored: withdrawals since
 * then are carried out again, and what does not fit together is mended. True when nothing dangles.
 */
export async function settle({ target, areObjectsCopies, onStep }: SettleOptions): Promise<boolean> {
  const replayed = await replayErasures(target);
  const counts = Object.entries(replayed).map(([service, count]) => `${service} ${count}`);
  onStep(`withdrawals that the databases had not heard of: ${counts.join(', ')}`);
  // Nothing is in motion: all that dangles does so for good.
  const report = await reconcile({ target, isMending: true, isDeletingOriginals: areObjectsCopies, graceSeconds: 0 });
  printReport(report);
  return report.danglingCount === 0;
}

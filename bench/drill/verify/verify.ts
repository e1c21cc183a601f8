import { setTimeout as delay } from 'node:timers/promises';
import type { Finding, VerifyContext } from './finding.ts';
import { verifyConsents } from './verify-consents.ts';
import { verifyAccounts, verifyJobs } from './verify-jobs.ts';
import { verifyLedger } from './verify-ledger.ts';
import { verifyFacecams, verifyMatches, verifyNotifications } from './verify-members.ts';
import { verifyDownloads, verifyOrders } from './verify-orders.ts';
import { verifyOriginals } from './verify-originals.ts';
import { verifyPhotos } from './verify-photos.ts';
import { verifyQuarantine } from './verify-quarantine.ts';

const checks = [
  verifyAccounts,
  verifyPhotos,
  verifyOriginals,
  verifyFacecams,
  verifyMatches,
  verifyConsents,
  verifyOrders,
  verifyDownloads,
  verifyLedger,
  verifyNotifications,
  verifyJobs,
  verifyQuarantine,
];

/** The queues are empty by then: this is for what starts by the clock, each minute. */
const settleMaxMs = 75_000;
const askEveryMs = 3_000;

/** Looks at everything that was accepted until nothing is missing, or for so long; what is doubled shows at once. */
export async function verify(ctx: VerifyContext, progress: (message: string) => void): Promise<Finding[]> {
  const deadline = performance.now() + settleMaxMs;
  for (;;) {
    const findings = await runChecks(ctx);
    if (findings.length === 0 || performance.now() > deadline) return findings;
    progress(`${findings.length} findings, the first: ${findings[0]?.what}; looking again`);
    await delay(askEveryMs);
  }
}

async function runChecks(ctx: VerifyContext): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const check of checks) findings.push(...(await check(ctx)));
  return findings;
}

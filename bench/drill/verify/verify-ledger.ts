import { openDatabase } from '@kilas/platform/db/database.ts';
import { z } from 'zod';
import type { TransactionSchema } from '../../../services/transaction/src/db/schema.ts';
import { verifyChain } from '../../../services/transaction/src/ledger/verify-chain.ts';
import { type Check, doubled, exactlyOnce, type Finding, lost, type VerifyContext } from './finding.ts';

const entryRow = z.object({ kind: z.string(), source_id: z.string(), sum: z.coerce.number(), count: z.number() });
const itemRow = z.object({ order_id: z.string(), creator_id: z.string(), net: z.coerce.number(), state: z.string() });
const balanceRow = z.object({ account: z.string(), sum: z.coerce.number() });
const wallet = z.object({ balanceIdr: z.number(), earnedIdr: z.number() });

/** The books: sealed, balanced, one entry for each paid order, and each creator owed what their sales brought. */
export const verifyLedger: Check = async (ctx) => [
  ...(await judgeChain(ctx)),
  ...(await judgeEntries(ctx)),
  ...(await judgeWallets(ctx)),
];

async function judgeChain({ databases }: VerifyContext): Promise<Finding[]> {
  const db = openDatabase<TransactionSchema>({
    url: databases.urlOf('transaction'),
    poolSizeMax: 1,
    onTrouble: () => {},
  });
  try {
    const verdict = await verifyChain({ db });
    if (verdict.state === 'intact') return [];
    return [lost(`the ledger's chain is broken at ${verdict.sequence}: ${verdict.fault}`)];
  } finally {
    await db.destroy();
  }
}

async function judgeEntries({ databases }: VerifyContext): Promise<Finding[]> {
  const entries = await databases.query(
    'transaction',
    entryRow,
    `select e.kind, e.source_id, sum(p.amount_idr) as sum, count(distinct e.entry_id)::int as count
     from entries e join postings p using (entry_id) group by e.kind, e.source_id`,
  );
  const paid = await databases.query(
    'transaction',
    z.object({ order_id: z.string() }),
    `select order_id from orders where state = 'paid' and total_idr > 0`,
  );
  const sales = new Map(entries.filter(({ kind }) => kind === 'sale').map((entry) => [entry.source_id, entry.count]));
  return [
    ...entries
      .filter(({ sum }) => sum !== 0)
      .map(({ kind, source_id, sum }) => lost(`${kind} ${source_id} sums to ${sum}`)),
    ...paid.flatMap(({ order_id }) => exactlyOnce(sales.get(order_id) ?? 0, `the entry of order ${order_id}`)),
    ...[...sales.keys()]
      .filter((orderId) => !paid.some(({ order_id }) => order_id === orderId))
      .map((orderId) => doubled(`an entry for order ${orderId}, which is not paid`)),
  ];
}

async function judgeWallets({ databases, world }: VerifyContext): Promise<Finding[]> {
  const items = await databases.query(
    'transaction',
    itemRow,
    `select order_id, creator_id, price_idr - commission_idr as net, state from order_items join orders using (order_id)`,
  );
  const balances = await databases.query(
    'transaction',
    balanceRow,
    'select account, -sum(amount_idr) as sum from postings group by account',
  );
  const findings: Finding[] = [];
  for (const { person } of world.creators) {
    const sold = items.filter(({ creator_id, state }) => creator_id === person.accountId && state === 'paid');
    const wanted = sold.reduce((sum, { net }) => sum + net, 0);
    const booked = balances.find(({ account }) => account === `creator:${person.accountId}`)?.sum ?? 0;
    const shown = await person.call({ route: 'wallet', path: '/v1/wallet' }, wallet);
    for (const [where, found] of [
      ['the postings', booked],
      ['the wallet', shown?.balanceIdr ?? Number.NaN],
    ] as const) {
      if (found === wanted) continue;
      const what = `creator ${person.accountId} sold for ${wanted}, ${where} say ${found}`;
      findings.push(found > wanted ? doubled(what) : lost(what));
    }
  }
  return findings;
}

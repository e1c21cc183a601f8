import pg from 'pg';
import { vi } from 'vitest';
import { z } from 'zod';

/** A SELECT as a service sent it, and the database that it went to. */
export interface Statement {
  readonly url: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

interface Node {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string | undefined;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number | undefined;
  readonly 'Rows Removed by Index Recheck'?: number | undefined;
  readonly Plans?: readonly Node[] | undefined;
}

const node: z.ZodType<Node> = z.lazy(() =>
  z.object({
    'Node Type': z.string(),
    'Relation Name': z.string().optional(),
    'Actual Rows': z.number(),
    'Actual Loops': z.number(),
    'Rows Removed by Filter': z.number().optional(),
    'Rows Removed by Index Recheck': z.number().optional(),
    Plans: z.array(node).optional(),
  }),
);
const blocks = z.object({ 'Shared Hit Blocks': z.number(), 'Shared Read Blocks': z.number() });
const explained = z.array(z.object({ 'QUERY PLAN': z.array(z.object({ Plan: z.intersection(node, blocks) })) }));

export interface Reads {
  readonly rows: number;
  readonly blocks: number;
}

/** What `act` has services of this process ask their databases for; what their queues ask meanwhile is left out. */
export async function statementsOf(urls: readonly string[], act: () => Promise<unknown>): Promise<Statement[]> {
  const query = vi.spyOn(pg.Client.prototype, 'query');
  try {
    await act();
    return query.mock.calls.flatMap((args: readonly unknown[], at) => {
      const [text, values] = args;
      const { database } = z.object({ database: z.string() }).parse(query.mock.contexts[at]);
      const url = urls.find((candidate) => new URL(candidate).pathname === `/${database}`);
      if (url === undefined || typeof text !== 'string' || !/^\s*(select|with)\b/i.test(text)) return [];
      return /\bjobs\./.test(text) ? [] : [{ url, text, values: Array.isArray(values) ? values : [] }];
    });
  } finally {
    query.mockRestore();
  }
}

/** Runs a statement again, and answers what its plan really read from tables and their indexes. */
export async function readsOf({ url, text, values }: Statement): Promise<Reads> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query(`explain (analyze, buffers, format json) ${text}`, [...values]);
    const [plan] = explained.parse(rows)[0]?.['QUERY PLAN'] ?? [];
    if (plan === undefined) throw new Error(`no plan of ${text}`);
    const { Plan } = plan;
    return { rows: Math.round(rowsOf(Plan)), blocks: Plan['Shared Hit Blocks'] + Plan['Shared Read Blocks'] };
  } finally {
    await client.end();
  }
}

/** Of the nodes that read a table; what they pass on is not counted again above them. */
function rowsOf(plan: Node): number {
  const below = (plan.Plans ?? []).reduce((sum, child) => sum + rowsOf(child), 0);
  if (plan['Relation Name'] === undefined) return below;
  const left = (plan['Rows Removed by Filter'] ?? 0) + (plan['Rows Removed by Index Recheck'] ?? 0);
  return below + (plan['Actual Rows'] + left) * plan['Actual Loops'];
}

import pg from 'pg';

export interface Watched {
  readonly text: string;
  /** Whether nothing else was on its way on the connection when it was sent: each of these costs a wait for the server. */
  readonly isWaitedFor: boolean;
}

/** Notes what this process sends to a database while `run` runs, by connections whose name begins so; in the order sent. */
export async function watchStatements(
  databaseUrl: string,
  applicationName: string,
  run: () => Promise<unknown>,
): Promise<Watched[]> {
  const database = new URL(databaseUrl).pathname.slice(1);
  const seen: Watched[] = [];
  const underWay = new WeakMap<pg.Client, number>();
  const { query } = pg.Client.prototype;
  pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
    const answer: unknown = Reflect.apply(query, this, args);
    const { application_name } = (this as unknown as { connectionParameters: { application_name?: string } })
      .connectionParameters;
    if (this.database !== database || !application_name?.startsWith(applicationName)) return answer;
    const before = underWay.get(this) ?? 0;
    seen.push({ text: textOf(args[0]), isWaitedFor: before === 0 });
    underWay.set(this, before + 1);
    const end = () => underWay.set(this, (underWay.get(this) ?? 1) - 1);
    if (answer instanceof Promise) answer.then(end, end);
    else end();
    return answer;
  } as typeof query;
  try {
    await run();
  } finally {
    pg.Client.prototype.query = query;
  }
  return seen;
}

function textOf(query: unknown): string {
  const text = typeof query === 'object' && query !== null && 'text' in query ? query.text : query;
  return String(text).replace(/\s+/g, ' ').trim();
}

import { type Expression, type Kysely, sql, type Transaction } from 'kysely';
import { transact } from '../db/transact.ts';

/** What a service holds, to be compared with what others hold, and how it mends what does not fit together. */
export interface Holdings {
  readonly holds: Readonly<Record<string, Held<object>>>;
  /** Each is safe to call twice. */
  readonly mends: Readonly<Record<string, (items: readonly never[]) => Promise<void>>>;
  close(): Promise<void>;
}

/** The door of each service: `reconcile/open-holdings.ts`. */
export type OpenHoldings = (options: HoldingsOptions) => Promise<Holdings>;

export interface HoldingsOptions {
  /** Of a role that may read and write the service's tables. */
  readonly databaseUrl: string;
  /** What is younger may be in motion. */
  readonly before: Date;
}

/** Rows of one kind. */
export interface Held<Row> {
  /** All that are old enough, in the order of their keys, page after page. */
  pages(): AsyncGenerator<Row[]>;
  /** Those with these keys, also young ones, by key. Of a key of two columns "a b". */
  find(keys: readonly string[]): Promise<ReadonlyMap<string, Row>>;
}

export interface HeldBy<Row> {
  /** The columns that no two rows share; `id` if it is not said. */
  readonly key?: readonly (keyof Row & string)[];
  readonly keyType?: 'uuid' | 'text';
  /** The column with the time from which a row is as it is; rows that have none are on no page. */
  readonly since?: keyof Row & string;
}

const pageSize = 1000;
const first = { uuid: '00000000-0000-0000-0000-000000000000', text: '' };

/** Makes an act on one thing a mend of many, each in a transaction of its own. */
export function menderOn<Schema>(db: Kysely<Schema>) {
  return <Item>(act: (tx: Transaction<Schema>, item: Item) => Promise<unknown>) =>
    async (items: readonly Item[]): Promise<void> => {
      for (const item of items) await transact(db, (tx) => act(tx, item));
    };
}

/** Makes a query what a service holds. PostgreSQL takes the condition on the key into the query. */
export function holderOn<Schema>(db: Kysely<Schema>, before: Date) {
  return <Row extends object>(query: Expression<Row>, by: HeldBy<Row> = {}): Held<Row> => {
    const { keyType = 'uuid', since } = by;
    const names: readonly string[] = by.key ?? ['id'];
    const keyOf = (row: Row) => names.map((name) => String(Reflect.get(row, name)));
    const columns = sql.join(names.map((name) => sql.ref(name)));
    const rows = sql<Row>`select * from (${query}) as held`;
    const isOld = since === undefined ? sql`true` : sql`${sql.ref(since)} < ${before}`;
    return {
      async *pages() {
        let after: readonly string[] = names.map(() => first[keyType]);
        for (;;) {
          const values = sql.join(after.map((value) => sql`${value}::${sql.raw(keyType)}`));
          const page = await sql<Row>`${rows} where (${columns}) > (${values}) and ${isOld}
            order by ${columns} limit ${pageSize}`.execute(db);
          const last = page.rows.at(-1);
          if (last === undefined) return;
          yield page.rows;
          after = keyOf(last);
        }
      },
      async find(keys) {
        if (keys.length === 0) return new Map();
        const split = keys.map((key) => key.split(' '));
        const lists = names.map((_, at) => sql`${split.map((values) => values[at])}::${sql.raw(keyType)}[]`);
        const isAsked =
          lists.length === 1
            ? sql`${columns} = any(${lists[0]})`
            : sql`(${columns}) in (select * from unnest(${sql.join(lists)}))`;
        const found = await sql<Row>`${rows} where ${isAsked}`.execute(db);
        return new Map(found.rows.map((row) => [keyOf(row).join(' '), row]));
      },
    };
  };
}

/** The same rows as something else. */
export function mapHeld<Row, Other>(held: Held<Row>, map: (row: Row) => Other): Held<Other> {
  return {
    async *pages() {
      for await (const page of held.pages()) yield page.map(map);
    },
    find: async (keys) => new Map([...(await held.find(keys))].map(([key, row]) => [key, map(row)])),
  };
}

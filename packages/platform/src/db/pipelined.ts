import {
  type Dialect,
  DummyDriver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  Transaction,
} from 'kysely';

/** Opens no connection: a transaction has one. */
const dialect: Dialect = {
  createAdapter: () => new PostgresAdapter(),
  createDriver: () => new DummyDriver(),
  createIntrospector: (db) => new PostgresIntrospector(db),
  createQueryCompiler: () => new PostgresQueryCompiler(),
};

/**
 * The transaction without Kysely's wait between its statements: what is sent without waiting for the answer before goes to the server at
 * once (`pipeline` of pg), which does it in that order.
 */
export function pipelined<Schema, Result>(
  serial: Transaction<Schema>,
  run: (tx: Transaction<Schema>) => Promise<Result>,
): Promise<Result> {
  const executor = serial.getExecutor();
  return executor.provideConnection((connection) =>
    run(
      new Transaction<Schema>({
        config: { dialect },
        dialect,
        driver: new DummyDriver(),
        executor: executor.withConnectionProvider({ provideConnection: (consumer) => consumer(connection) }),
      }),
    ),
  );
}

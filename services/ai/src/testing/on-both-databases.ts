import { afterAll, beforeAll, describe } from 'vitest';
import { openConcurrentDatabase } from './open-concurrent-database.ts';
import { type FaceDatabase, openFaceDatabase } from './open-face-database.ts';

export type OpenDatabase = Pick<FaceDatabase, 'db' | 'url'>;

/** Runs tests on PGlite, which has pgvector, and on PostgreSQL, where transactions meet. `database` is there while they run. */
export function onBothDatabases(tests: (database: OpenDatabase) => void): void {
  describe.each([
    ['PGlite with pgvector', openFaceDatabase],
    ['PostgreSQL', openConcurrentDatabase],
  ])('on %s', (_name, open) => {
    let opened: FaceDatabase | undefined;
    const database = () => {
      if (opened === undefined) throw new Error('the database is not open');
      return opened;
    };
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened?.close());
    tests({
      get db() {
        return database().db;
      },
      get url() {
        return database().url;
      },
    });
  });
}

import type { PoolUse } from '../db/database.ts';
import { noteFirst, Reading } from './metrics.ts';

const pool = new Reading('kilas_database_pool_connections', 'Connections: open, idle; waiting: requests for one', [
  'state',
]);
const poolMax = new Reading('kilas_database_pool_max', 'Connections that the pool may open');

/** Shows the use of a service's pool at each scrape, without the scrape's own queries; the function returned ends it. */
export function observePool(service: string, sizeMax: number, use: () => PoolUse): () => void {
  let noted = use();
  const ends = [
    noteFirst(() => {
      noted = use();
    }),
    pool.from(service, () => Object.entries(noted).map(([state, value]) => ({ labels: { state }, value }))),
    poolMax.from(service, () => [{ labels: {}, value: sizeMax }]),
  ];
  return () => {
    for (const end of ends) end();
  };
}

import type { Shop } from './start-shop.ts';

/** Connections that the service may open; see DATABASE_POOL_MAX. */
const connectionCount = 10;

/** Makes calls at the same moment. All connections are open by then: a pool that is still opening them lines the calls up. */
export async function together<Answer>(shop: Shop, calls: readonly (() => PromiseLike<Answer>)[]): Promise<Answer[]> {
  await Promise.all(Array.from({ length: connectionCount }, () => shop.system.app.inject({ url: '/readyz' })));
  return Promise.all(calls.map((call) => call()));
}

/** The same call so many times at the same moment. */
export function times<Answer>(shop: Shop, count: number, call: (at: number) => PromiseLike<Answer>): Promise<Answer[]> {
  return together(
    shop,
    Array.from({ length: count }, (_, at) => () => call(at)),
  );
}

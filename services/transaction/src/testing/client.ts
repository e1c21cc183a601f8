import { newId } from '@kilas/platform/process/ids.ts';
import type { Member } from '@kilas/testkit/sign-up.ts';
import type { TestSystem } from '@kilas/testkit/start-system.ts';
import { z } from 'zod';

type App = Pick<TestSystem, 'app'>;
type Buyer = Pick<Member, 'headers'>;

export interface Line {
  readonly photoId: string;
  readonly priceIdr: number;
}

const order = z.object({
  orderId: z.string(),
  status: z.enum(['pending', 'paid', 'expired', 'cancelled']),
  totalIdr: z.number(),
  expiresAt: z.string(),
  paymentUrl: z.string().optional(),
  lines: z.array(z.object({ photoId: z.string(), title: z.string(), priceIdr: z.number() })),
  refunds: z.array(z.object({ amountIdr: z.number(), reason: z.string(), status: z.string() })),
});
export type OrderJson = z.output<typeof order>;

const problem = z.looseObject({
  code: z.string(),
  detail: z.string(),
  orderId: z.string().optional(),
  figures: z.object({ lines: z.array(z.looseObject({})), totalIdr: z.number() }).optional(),
  refusals: z.array(z.object({ photoId: z.string(), reason: z.string(), orderId: z.string().optional() })).optional(),
});

interface Response {
  readonly statusCode: number;
  readonly body: string;
}

export function readOrder(response: Response): OrderJson {
  return order.parse(JSON.parse(response.body));
}

export function readProblem(response: Response) {
  return { status: response.statusCode, ...problem.parse(JSON.parse(response.body)) };
}

/** Status and code of a refusal, "409 PRICE_CHANGED". */
export function refusalIn(response: Response): string {
  return `${response.statusCode} ${readProblem(response).code}`;
}

export function postPreview(system: App, buyer: Buyer, photoIds: readonly string[]) {
  return system.app.inject({
    method: 'POST',
    url: '/v1/checkout/preview',
    headers: buyer.headers,
    payload: { photoIds },
  });
}

export function postOrder(
  system: App,
  buyer: Buyer,
  lines: readonly Line[],
  options: { key?: string; totalIdr?: number; extra?: object } = {},
) {
  const totalIdr = options.totalIdr ?? lines.reduce((sum, { priceIdr }) => sum + priceIdr, 0);
  return system.app.inject({
    method: 'POST',
    url: '/v1/orders',
    headers: { ...buyer.headers, 'idempotency-key': options.key ?? newId() },
    payload: { lines, totalIdr, ...options.extra },
  });
}

/** An order that must come about. */
export async function placeOrder(system: App, buyer: Buyer, lines: readonly Line[]): Promise<OrderJson> {
  const response = await postOrder(system, buyer, lines);
  if (response.statusCode !== 201) throw new Error(`the order was refused: ${response.body}`);
  return readOrder(response);
}

export function getOrder(system: App, buyer: Buyer, orderId: string) {
  return system.app.inject({ url: `/v1/orders/${orderId}`, headers: buyer.headers });
}

export async function fetchOrder(system: App, buyer: Buyer, orderId: string): Promise<OrderJson> {
  return readOrder(await getOrder(system, buyer, orderId));
}

export function postCancel(system: App, buyer: Buyer, orderId: string) {
  return system.app.inject({ method: 'POST', url: `/v1/orders/${orderId}/cancel`, headers: buyer.headers });
}

/** Presses a button of the sandbox's page. */
export async function pressButton(system: App, paymentUrl: string | undefined, action: 'pay' | 'decline' = 'pay') {
  if (paymentUrl === undefined) throw new Error('the order has no payment page');
  return system.app.inject({
    method: 'POST',
    url: new URL(paymentUrl).pathname,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: `action=${action}`,
  });
}

const purchases = z.object({
  items: z.array(z.looseObject({ photoId: z.string(), title: z.string(), thumbnailUrl: z.string().optional() })),
  nextCursor: z.string().nullable(),
});

export async function listPurchases(system: App, buyer: Buyer, query = '') {
  const response = await system.app.inject({ url: `/v1/purchases${query}`, headers: buyer.headers });
  return purchases.parse(response.json());
}

/** The photos a member has a licence for. */
export async function purchasedPhotos(system: App, buyer: Buyer): Promise<string[]> {
  return (await listPurchases(system, buyer)).items.map(({ photoId }) => photoId);
}

import type { Auth } from '@kilas/identity/auth.ts';
import { identityOf } from '@kilas/identity/identity.ts';
import { refuse } from '@kilas/messages/refuse.ts';
import { shownNumber } from '@kilas/platform/db/stored-time.ts';
import type { HttpApp } from '@kilas/platform/http/http-app.ts';
import { decodeCursor, pageOf, pageQuery } from '@kilas/platform/http/page.ts';
import { listOf, opaque, wholeNumber } from '@kilas/platform/values/bounds.ts';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { TransactionContext } from '../context.ts';
import { cancelOrder } from './cancel-order.ts';
import { createOrder } from './create-order.ts';
import type { Order } from './order.ts';
import { listOrdersByBuyer } from './order-store.ts';
import { previewOrder, toPreviewJson } from './preview-order.ts';
import type { Buyer } from './quote-photos.ts';
import { type ShownOrder, showNewOrder, showOrder, showOrderInPictures } from './show-order.ts';

const photoId = z.guid().toLowerCase();
const amountIdr = wholeNumber(0);
const share = opaque(200).optional();
const sale = z.enum(['shared', 'exclusive']);
const orderIdParam = z.object({ orderId: z.guid() });
const security = [{ bearer: [] }];
const tags = ['orders'];

const line = z.object({ photoId: z.guid(), creatorId: z.guid(), title: z.string(), sale, priceIdr: z.int() });
const preview = z.object({ lines: z.array(line), totalIdr: z.int() });

const orderSummary = z.object({
  orderId: z.guid(),
  status: z.enum(['pending', 'paid', 'expired', 'cancelled']),
  totalIdr: z.int(),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  paidAt: z.iso.datetime().optional(),
  expiredAt: z.iso.datetime().optional(),
  cancelledAt: z.iso.datetime().optional(),
  paymentUrl: z
    .string()
    .meta({ format: 'uri' })
    .optional()
    .describe('Where a pending order is paid. Absent while the provider is away: ask again.'),
});

const orderDetail = orderSummary.extend({
  lines: z.array(line),
  refunds: z
    .array(z.object({ amountIdr: z.int(), reason: z.string(), status: z.literal('due') }))
    .describe('Money that was paid for this order, bought nothing and will be paid back.'),
});

const orderInPictures = orderDetail.extend({
  lines: z.array(
    line.extend({
      thumbnailUrl: z
        .string()
        .optional()
        .describe('While the order is pending or paid; absent while pictures cannot be shown'),
    }),
  ),
});

const idempotencyKeyPattern = /^[\x21-\x7e]{8,128}$/;

export function registerOrders(app: HttpApp, ctx: TransactionContext, auth: Auth): void {
  const photosMax = ctx.config.ORDER_PHOTOS_MAX;

  app.post(
    '/v1/checkout/preview',
    {
      onRequest: auth.required,
      schema: {
        tags,
        security,
        summary: 'What these photos cost together; changes nothing',
        body: z.strictObject({ photoIds: listOf(photoId, photosMax), share }),
        response: { 200: preview },
      },
    },
    async (request) => toPreviewJson(await previewOrder(ctx, { ...buyerOf(request), ...request.body })),
  );

  app.post(
    '/v1/orders',
    {
      onRequest: auth.required,
      schema: {
        tags,
        security,
        summary: 'Orders what was previewed; the same key and body again give the same order',
        headers: z.looseObject({
          'idempotency-key': z.string().optional().describe('Required: 8 to 128 characters, new for each order'),
        }),
        body: z.strictObject({
          lines: listOf(z.strictObject({ photoId, priceIdr: amountIdr }), photosMax),
          totalIdr: amountIdr,
          share,
        }),
        response: { 200: orderDetail.describe('The order that this key made before'), 201: orderDetail },
      },
    },
    async (request, reply) => {
      const buyer = buyerOf(request);
      const { lines, totalIdr, share: shareToken } = request.body;
      const created = await createOrder(ctx, {
        ...buyer,
        idempotencyKey: readIdempotencyKey(request.headers['idempotency-key']),
        lines: lines.map((entry) => ({ photoId: entry.photoId, priceIdr: BigInt(entry.priceIdr) })),
        totalIdr: BigInt(totalIdr),
        share: shareToken,
      });
      const shown = created.isNew
        ? await showNewOrder(ctx, created)
        : await showOrder(ctx, { buyerId: buyer.buyerId, orderId: created.orderId });
      return reply.status(created.isNew ? 201 : 200).send(toDetailJson(shown));
    },
  );

  app.get(
    '/v1/orders',
    {
      onRequest: auth.required,
      schema: {
        tags,
        security,
        summary: 'My orders, newest first',
        querystring: pageQuery,
        response: {
          200: z.object({
            items: z.array(orderSummary.extend({ photoCount: z.int() })),
            nextCursor: z.string().nullable(),
          }),
        },
      },
    },
    async (request) => {
      const { cursor, limit } = request.query;
      const [before] = decodeCursor(cursor, z.tuple([z.guid()])) ?? [];
      const rows = await listOrdersByBuyer(ctx.db, identityOf(request).accountId, before, limit + 1);
      const { items, nextCursor } = pageOf(rows, limit, ({ order }) => [order.orderId]);
      const now = ctx.clock.now();
      return {
        items: items.map(({ order, paymentUrl, photoCount }) => ({
          ...toSummaryJson(order, order.state === 'pending' && now < order.expiresAt ? paymentUrl : undefined),
          photoCount,
        })),
        nextCursor,
      };
    },
  );

  app.get(
    '/v1/orders/:orderId',
    {
      onRequest: auth.required,
      schema: {
        tags,
        security,
        summary: 'One of my orders, with its payment page while it is pending',
        params: orderIdParam,
        response: { 200: orderInPictures },
      },
    },
    async (request) => {
      const buyerId = identityOf(request).accountId;
      const shown = await showOrderInPictures(ctx, { buyerId, orderId: request.params.orderId });
      const { lines, ...order } = toDetailJson(shown);
      const illustrated = lines.map((entry) => {
        const thumbnailUrl = shown.thumbnails.get(entry.photoId);
        return thumbnailUrl === undefined ? entry : { ...entry, thumbnailUrl };
      });
      return { ...order, lines: illustrated };
    },
  );

  app.post(
    '/v1/orders/:orderId/cancel',
    {
      onRequest: auth.required,
      schema: {
        tags,
        security,
        summary: 'Gives up a pending order; its photos are free again',
        params: orderIdParam,
        response: { 200: orderDetail },
      },
    },
    async (request) => {
      const input = { buyerId: identityOf(request).accountId, orderId: request.params.orderId };
      await cancelOrder(ctx, input);
      return toDetailJson(await showOrder(ctx, input));
    },
  );
}

function buyerOf(request: FastifyRequest): Buyer {
  const { accountId, matchLevel } = identityOf(request);
  return { buyerId: accountId, matchLevel };
}

function readIdempotencyKey(header: string | undefined): string {
  if (header === undefined || !idempotencyKeyPattern.test(header)) refuse('IDEMPOTENCY_KEY_REQUIRED');
  return header;
}

function toSummaryJson(order: Order, paymentUrl: string | undefined) {
  return {
    orderId: order.orderId,
    status: order.state,
    totalIdr: shownNumber(order.totalIdr),
    createdAt: order.createdAt.toISOString(),
    expiresAt: order.expiresAt.toISOString(),
    ...(order.state === 'pending' ? {} : { [`${order.state}At`]: order.closedAt.toISOString() }),
    ...(paymentUrl === undefined ? {} : { paymentUrl }),
  };
}

function toDetailJson({ order, paymentUrl, items, refunds }: ShownOrder) {
  return {
    ...toSummaryJson(order, paymentUrl),
    lines: items.map((item) => ({ ...item, priceIdr: shownNumber(item.priceIdr) })),
    refunds: refunds.map((refund) => ({ ...refund, amountIdr: shownNumber(refund.amountIdr) })),
  };
}

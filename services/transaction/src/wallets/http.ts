import type { Auth } from '@kilas/identity/auth.ts';
import { identityOf } from '@kilas/identity/identity.ts';
import { shownNumber } from '@kilas/platform/db/stored-time.ts';
import type { HttpApp } from '@kilas/platform/http/http-app.ts';
import { decodeCursor, pageOf, pageQuery } from '@kilas/platform/http/page.ts';
import { z } from 'zod';
import type { TransactionContext } from '../context.ts';
import { getWallet, listSalesByCreator } from './wallet-store.ts';

const security = [{ bearer: [] }];
const tags = ['wallet'];

const walletEntry = z.object({
  kind: z.literal('sale'),
  orderId: z.guid(),
  photoId: z.guid(),
  grossIdr: z.int().describe('What the buyer paid'),
  commissionIdr: z.int().describe('What the platform keeps'),
  netIdr: z.int().describe('What the creator is owed'),
  at: z.iso.datetime(),
});

export function registerWallet(app: HttpApp, ctx: TransactionContext, auth: Auth): void {
  const onRequest = auth.role('creator', 'CREATOR_REQUIRED');

  app.get(
    '/v1/wallet',
    {
      onRequest,
      schema: {
        tags,
        security,
        summary: 'What I earned and what I am owed',
        response: { 200: z.object({ balanceIdr: z.int(), earnedIdr: z.int() }) },
      },
    },
    async (request) => {
      const { balanceIdr, earnedIdr } = await getWallet(ctx.db, identityOf(request).accountId);
      return { balanceIdr: shownNumber(balanceIdr), earnedIdr: shownNumber(earnedIdr) };
    },
  );

  app.get(
    '/v1/wallet/terms',
    {
      schema: {
        tags,
        summary: 'What the platform keeps of a sale; for those who think of selling too',
        response: { 200: z.object({ commissionPercent: z.int().describe('Of each price, rounded down') }) },
      },
    },
    async () => ({ commissionPercent: ctx.config.COMMISSION_PERCENT }),
  );

  app.get(
    '/v1/wallet/entries',
    {
      onRequest,
      schema: {
        tags,
        security,
        summary: 'What moved my balance, newest first',
        querystring: pageQuery,
        response: { 200: z.object({ items: z.array(walletEntry), nextCursor: z.string().nullable() }) },
      },
    },
    async (request) => {
      const { cursor, limit } = request.query;
      const position = decodeCursor(cursor, z.tuple([z.guid(), z.int32().min(0)]));
      const before = position === undefined ? undefined : { entryId: position[0], position: position[1] };
      const rows = await listSalesByCreator(ctx.db, identityOf(request).accountId, before, limit + 1);
      const page = pageOf(rows, limit, (sale) => [sale.entryId, sale.position]);
      return {
        items: page.items.map((sale) => ({
          kind: 'sale' as const,
          orderId: sale.orderId,
          photoId: sale.photoId,
          grossIdr: shownNumber(sale.grossIdr),
          commissionIdr: shownNumber(sale.commissionIdr),
          netIdr: shownNumber(sale.netIdr),
          at: sale.at.toISOString(),
        })),
        nextCursor: page.nextCursor,
      };
    },
  );
}

import type { Auth } from '@kilas/identity/auth.ts';
import { identityOf } from '@kilas/identity/identity.ts';
import { refuse } from '@kilas/messages/refuse.ts';
import type { HttpApp } from '@kilas/platform/http/http-app.ts';
import { z } from 'zod';
import type { UserContext } from '../context.ts';
import { findReceiptOfAccount } from './receipt-store.ts';
import { receiptView, viewOfReceipt } from './receipt-view.ts';
import { withdrawConsent } from './withdraw-consent.ts';

const tags = ['consent'];
const security = [{ bearer: [] }];

export function registerWithdrawalHttp(app: HttpApp, ctx: UserContext, auth: Auth): void {
  app.delete(
    '/v1/me/consent',
    {
      onRequest: auth.required,
      schema: {
        tags,
        summary: 'Withdraw the consent: everything about my face is erased',
        security,
        response: { 202: z.object({ receiptId: z.guid() }) },
      },
    },
    async (request, reply) => reply.status(202).send(await withdrawConsent(ctx, identityOf(request))),
  );
  app.get(
    '/v1/me/consent/receipts/:receiptId',
    {
      onRequest: auth.required,
      schema: {
        tags,
        summary: 'What was removed after a withdrawal',
        security,
        params: z.strictObject({ receiptId: z.guid() }),
        response: { 200: receiptView },
      },
    },
    async (request) => {
      const { accountId } = identityOf(request);
      const found = await findReceiptOfAccount(ctx.db, { accountId, receiptId: request.params.receiptId });
      return found === undefined ? refuse('RECEIPT_NOT_FOUND') : viewOfReceipt(found);
    },
  );
}

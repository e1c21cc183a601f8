import { refuse } from '@kilas/messages/refuse.ts';
import type { HttpApp } from '@kilas/platform/http/http-app.ts';
import { z } from 'zod';
import type { TransactionContext } from '../context.ts';
import { receivePayment } from './receive-payment.ts';

/** Largest notification of a provider, in bytes. */
const noticeSizeMaxBytes = 64 * 1024;

/** One webhook per provider. A notification may come twice, late or in the wrong order. */
export function registerWebhooks(app: HttpApp, ctx: TransactionContext): void {
  app.register(async (scope: HttpApp) => {
    // Signatures are over the bytes as they came.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: noticeSizeMaxBytes }, (_request, bytes, done) => {
      done(null, bytes);
    });
    for (const provider of Object.values(ctx.providers)) {
      scope.post(
        `/v1/payments/${provider.name}/webhook`,
        {
          schema: {
            tags: ['payments'],
            summary: `What ${provider.name} tells of a payment; signed by it`,
            response: { 204: z.null().describe('Taken; it need not be sent again.') },
          },
        },
        async (request, reply) => {
          const rawBody = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
          const notice = provider.readNotice(request.headers, rawBody);
          if (notice.kind === 'paid') {
            const { orderId, payment } = notice;
            const outcome = await receivePayment(ctx, provider.name, orderId, payment);
            ctx.log.info({ orderId, outcome }, 'payment notification');
            if (outcome === 'mismatch') refuse('PAYMENT_MISMATCH');
          }
          return reply.status(204).send(null);
        },
      );
    }
  });
}

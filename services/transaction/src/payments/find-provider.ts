import type { TransactionContext } from '../context.ts';
import type { PaymentProvider } from './payment-provider.ts';

/** The provider that an order was given; throws when this installation no longer has it. */
export function providerNamed(ctx: TransactionContext, name: string): PaymentProvider {
  const provider = Object.values(ctx.providers).find((candidate) => candidate.name === name);
  if (provider === undefined) throw new Error(`the payment provider ${name} is not configured`);
  return provider;
}

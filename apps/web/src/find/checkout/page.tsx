import { createFileRoute, Link } from '@tanstack/react-router';
import { ShoppingCart } from 'lucide-react';
import { useState } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/messages.ts';
import { RequireAccount } from '../../shell/require-account.tsx';
import { Button, buttonClass } from '../../ui/button.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Page } from '../../ui/page.tsx';
import { type Basket, readBasket } from '../buying/basket.ts';
import { OrderLine } from '../buying/order-line.tsx';
import { Sum } from '../buying/sum.tsx';
import { buyingTexts } from '../buying/texts.ts';
import { usePriceChanges } from '../buying/use-price-changes.ts';
import { useQuote } from '../buying/use-quote.ts';
import { useCart } from '../cart/use-cart.ts';
import { LinesSkeleton } from '../lines-skeleton.tsx';
import { NothingYet } from '../nothing-yet.tsx';
import { useThumbnails } from '../use-thumbnails.ts';
import { ProblemAction } from './problem-action.tsx';
import { Refused } from './refused.tsx';
import { checkoutTexts } from './texts.ts';
import { usePlaceOrder } from './use-place-order.ts';

export const Route = createFileRoute('/_find/checkout')({
  component: () => (
    <RequireAccount>
      <Checkout />
    </RequireAccount>
  ),
});

function Checkout() {
  const texts = useTexts(checkoutTexts);
  const [basket] = useState(readBasket);
  return <Page title={texts.title}>{basket === undefined ? <WholeCart /> : <Payment basket={basket} />}</Page>;
}

/** Nobody chose here what to buy: then it is what lies in the cart. */
function WholeCart() {
  const { photos, error, refetch } = useCart();
  if (photos !== undefined) return <Payment basket={{ photoIds: photos.map(({ photoId }) => photoId) }} />;
  return error === null ? <LinesSkeleton /> : <ErrorNote error={error} onRetry={() => void refetch()} />;
}

function Payment({ basket }: { basket: Basket }) {
  const texts = useTexts(checkoutTexts);
  const buying = useTexts(buyingTexts);
  const format = useFormat();
  const quote = useQuote(basket.photoIds, basket.share);
  const order = usePlaceOrder(basket);
  const thumbnails = useThumbnails(basket.photoIds, basket.share);
  const lines = quote.data?.figures.lines ?? [];
  const changes = usePriceChanges(lines);
  if (quote.data === undefined) {
    if (quote.error === null) return <LinesSkeleton count={basket.photoIds.length} />;
    return (
      <ErrorNote
        error={quote.error}
        onRetry={() => void quote.refetch()}
        action={<ProblemAction error={quote.error} />}
      />
    );
  }
  const { figures, refusals } = quote.data;
  if (lines.length === 0 && refusals.length === 0) return <NothingToPay />;
  return (
    <div className="md:grid md:grid-cols-[1fr_22rem] md:items-start md:gap-10">
      <div>
        <ul className="divide-y divide-line">
          {lines.map((line) => (
            <OrderLine
              key={line.photoId}
              line={line}
              before={changes.get(line.photoId)}
              thumbnailUrl={thumbnails.get(line.photoId)}
              share={basket.share}
            />
          ))}
        </ul>
        {refusals.length > 0 && <Refused refusals={refusals} thumbnails={thumbnails} />}
      </div>
      <Sum
        count={lines.length}
        totalIdr={figures.totalIdr}
        note={changes.size > 0 && order.error === null ? buying.priceChanged : undefined}
      >
        {order.error !== null && <ErrorNote error={order.error} action={<ProblemAction error={order.error} />} />}
        {lines.length > 0 && (
          <>
            <Button size="large" className="w-full" isBusy={order.isPending} onClick={() => order.mutate(figures)}>
              {figures.totalIdr === 0 ? texts.takeFree : texts.pay(format.rupiah(figures.totalIdr))}
            </Button>
            <p className="text-sm text-muted">{figures.totalIdr === 0 ? texts.freeNote : texts.payNote}</p>
          </>
        )}
        <Link to="/cart" className={buttonClass('quiet')}>
          {texts.toCart}
        </Link>
      </Sum>
    </div>
  );
}

function NothingToPay() {
  const texts = useTexts(checkoutTexts);
  return (
    <NothingYet icon={ShoppingCart} title={texts.empty}>
      {texts.emptyText}
    </NothingYet>
  );
}

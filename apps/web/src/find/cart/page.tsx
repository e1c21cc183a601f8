import { createFileRoute, Link, useNavigate } from '@tanstack/react-router';
import { ShoppingCart } from 'lucide-react';
import { useTexts } from '../../i18n/messages.ts';
import { RequireAccount } from '../../shell/require-account.tsx';
import { Button, buttonClass } from '../../ui/button.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Page } from '../../ui/page.tsx';
import { keepBasket } from '../buying/basket.ts';
import { Sum } from '../buying/sum.tsx';
import { buyingTexts } from '../buying/texts.ts';
import { acceptPrices, usePriceChanges } from '../buying/use-price-changes.ts';
import { useQuote } from '../buying/use-quote.ts';
import { dropPhoto } from '../keep-photo.ts';
import { LinesSkeleton } from '../lines-skeleton.tsx';
import { NothingYet } from '../nothing-yet.tsx';
import type { Photo } from '../photo.ts';
import { CartLine } from './cart-line.tsx';
import { cartTexts } from './texts.ts';
import { useCart } from './use-cart.ts';

export const Route = createFileRoute('/_find/cart')({
  component: () => (
    <RequireAccount>
      <Cart />
    </RequireAccount>
  ),
});

function Cart() {
  const texts = useTexts(cartTexts);
  const { photos, error, refetch } = useCart();
  return (
    <Page title={texts.title}>
      {photos !== undefined ? (
        photos.length === 0 ? (
          <EmptyCart />
        ) : (
          <Lines photos={photos} />
        )
      ) : error !== null ? (
        <ErrorNote error={error} onRetry={() => void refetch()} />
      ) : (
        <LinesSkeleton />
      )}
    </Page>
  );
}

function EmptyCart() {
  const texts = useTexts(cartTexts);
  return (
    <NothingYet icon={ShoppingCart} title={texts.empty}>
      {texts.emptyText}
    </NothingYet>
  );
}

function Lines({ photos }: { photos: readonly Photo[] }) {
  const texts = useTexts(cartTexts);
  const buying = useTexts(buyingTexts);
  const navigate = useNavigate();
  const buyable = photos.filter((photo) => photo.buyable).map(({ photoId }) => photoId);
  const quote = useQuote(buyable);
  const refused = new Map(quote.data?.refusals.map((refusal) => [refusal.photoId, refusal]));
  const lines = quote.data?.figures.lines ?? [];
  const changes = usePriceChanges(lines);
  const unavailable = photos.filter((photo) => !photo.buyable || refused.has(photo.photoId));
  const checkOut = () => {
    acceptPrices(lines);
    keepBasket({ photoIds: lines.map(({ photoId }) => photoId) });
    void navigate({ to: '/checkout' });
  };
  return (
    <div className="md:grid md:grid-cols-[1fr_20rem] md:items-start md:gap-10">
      <div>
        {unavailable.length > 1 && (
          <div className="mb-2 flex flex-wrap items-center gap-3 rounded-md bg-warn-soft px-4 py-2 text-warn">
            <p className="min-w-48 flex-1">{texts.unavailable(unavailable.length)}</p>
            {unavailable.some(({ notBuyableReason }) => notBuyableReason === 'ORDER_OPEN_FOR_PHOTO') && (
              <Link to="/orders" className={buttonClass('secondary', 'small')}>
                {buying.toOrders}
              </Link>
            )}
            <Button
              kind="secondary"
              size="small"
              onClick={() => {
                for (const photo of unavailable) void dropPhoto('cart', photo);
              }}
            >
              {texts.removeUnavailable}
            </Button>
          </div>
        )}
        <ul className="divide-y divide-line">
          {photos.map((photo) => {
            const line = lines.find(({ photoId }) => photoId === photo.photoId);
            return (
              <CartLine
                key={photo.photoId}
                photo={line === undefined ? photo : { ...photo, priceIdr: line.priceIdr }}
                before={changes.get(photo.photoId)}
                refusal={refused.get(photo.photoId)}
              />
            );
          })}
        </ul>
      </div>
      <Sum
        count={lines.length}
        totalIdr={quote.data?.figures.totalIdr}
        isOld={quote.isPlaceholderData}
        note={changes.size > 0 ? buying.priceChanged : undefined}
      >
        {quote.error !== null && <ErrorNote error={quote.error} onRetry={() => void quote.refetch()} />}
        {quote.data !== undefined && lines.length === 0 ? (
          <p className="text-muted">{texts.nothingLeft}</p>
        ) : (
          <Button
            size="large"
            className="w-full"
            disabled={quote.data === undefined || quote.isPlaceholderData}
            onClick={checkOut}
          >
            {texts.checkout}
          </Button>
        )}
      </Sum>
    </div>
  );
}

import { createFileRoute, Link } from '@tanstack/react-router';
import { Receipt } from 'lucide-react';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/messages.ts';
import { RequireAccount } from '../../shell/require-account.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { MoreButton } from '../../ui/more-button.tsx';
import { Page } from '../../ui/page.tsx';
import { LinesSkeleton } from '../lines-skeleton.tsx';
import { NothingYet } from '../nothing-yet.tsx';
import { OrderState } from './order-state.tsx';
import { ordersTexts } from './texts.ts';
import { useOrders } from './use-orders.ts';

export const Route = createFileRoute('/_find/orders')({
  component: () => (
    <RequireAccount>
      <Orders />
    </RequireAccount>
  ),
});

function Orders() {
  const texts = useTexts(ordersTexts);
  const format = useFormat();
  const orders = useOrders();
  const items = orders.data?.pages.flatMap((page) => page.items);
  return (
    <Page title={texts.title}>
      {items === undefined && orders.error === null && <LinesSkeleton />}
      {items?.length === 0 && (
        <NothingYet icon={Receipt} title={texts.empty}>
          {texts.emptyText}
        </NothingYet>
      )}
      <ul className="divide-y divide-line">
        {items?.map(({ orderId, status, totalIdr, createdAt, photoCount }) => (
          <li key={orderId}>
            <Link
              to="/orders/$orderId"
              params={{ orderId }}
              className="flex min-h-16 flex-wrap items-center gap-x-4 gap-y-1 py-3 hover:bg-sunken md:-mx-3 md:rounded-md md:px-3"
            >
              <span className="min-w-40 flex-1">
                <span className="block font-medium">{format.moment(createdAt)}</span>
                <span className="block text-sm text-muted">{texts.photos(photoCount)}</span>
              </span>
              <OrderState status={status} />
              <span className="min-w-28 text-right tabular-nums">{format.rupiah(totalIdr)}</span>
            </Link>
          </li>
        ))}
      </ul>
      {orders.error !== null && <ErrorNote error={orders.error} onRetry={() => void orders.refetch()} />}
      <MoreButton list={orders} label={texts.more} />
    </Page>
  );
}

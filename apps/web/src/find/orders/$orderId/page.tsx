import { createFileRoute, Link } from '@tanstack/react-router';
import { useFormat } from '../../../i18n/format.ts';
import { useTexts } from '../../../i18n/messages.ts';
import { RequireAccount } from '../../../shell/require-account.tsx';
import { buttonClass } from '../../../ui/button.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { Page } from '../../../ui/page.tsx';
import { OrderLine } from '../../buying/order-line.tsx';
import { buyingTexts } from '../../buying/texts.ts';
import { DownloadArchive } from '../../downloads/download-archive.tsx';
import { DownloadPhoto } from '../../downloads/download-photo.tsx';
import { LinesSkeleton } from '../../lines-skeleton.tsx';
import { useThumbnails } from '../../use-thumbnails.ts';
import type { Order } from '../order.ts';
import { OrderState } from '../order-state.tsx';
import { ClosedOrder } from './closed-order.tsx';
import { PendingOrder } from './pending-order.tsx';
import { orderTexts } from './texts.ts';
import { useOrder } from './use-order.ts';

export const Route = createFileRoute('/_find/orders/$orderId')({
  component: () => (
    <RequireAccount>
      <OrderPage />
    </RequireAccount>
  ),
});

function OrderPage() {
  const texts = useTexts(orderTexts);
  const { toOrders } = useTexts(buyingTexts);
  const { orderId } = Route.useParams();
  const { data: order, error, refetch } = useOrder(orderId);
  return (
    <Page
      title={texts.title}
      actions={
        <Link to="/orders" className={buttonClass('quiet', 'small')}>
          {toOrders}
        </Link>
      }
    >
      {order !== undefined && <Details order={order} />}
      {order === undefined && error === null && <LinesSkeleton />}
      {error !== null && <ErrorNote error={error} onRetry={() => void refetch()} />}
    </Page>
  );
}

function Details({ order }: { order: Order }) {
  const texts = useTexts(orderTexts);
  const buying = useTexts(buyingTexts);
  const format = useFormat();
  const thumbnails = useThumbnails(order.lines.map(({ photoId }) => photoId));
  return (
    <div className="space-y-6">
      <div role="status" className="space-y-4 rounded-lg bg-sunken p-5 md:p-6">
        <OrderState status={order.status} />
        {order.status === 'pending' && <PendingOrder order={order} />}
        {order.status === 'paid' && (
          <>
            <p>{texts.paid}</p>
            <DownloadArchive orderId={order.orderId} count={order.lines.length} />
          </>
        )}
        {(order.status === 'expired' || order.status === 'cancelled') && <ClosedOrder order={order} />}
        {order.refunds.map((refund) => (
          <p key={`${refund.reason}-${refund.amountIdr}`} className="text-warn">
            {texts.refund(format.rupiah(refund.amountIdr))} {reasonOf(texts.refundReasons, refund.reason)}
          </p>
        ))}
      </div>
      <ul className="divide-y divide-line">
        {order.lines.map((line) => (
          <OrderLine key={line.photoId} line={line} thumbnailUrl={thumbnails.get(line.photoId)}>
            {order.status === 'paid' && <DownloadPhoto photoId={line.photoId} title={line.title} />}
          </OrderLine>
        ))}
      </ul>
      <p className="flex items-baseline justify-between gap-4 border-t border-line pt-4 text-lg font-semibold">
        {buying.total} <span className="tabular-nums">{format.rupiah(order.totalIdr)}</span>
      </p>
      <p className="text-sm text-muted">
        {texts.ordered(format.moment(order.createdAt))} · {texts.number(order.orderId)}
      </p>
    </div>
  );
}

/** Nothing for a reason that is unknown here. */
function reasonOf(reasons: Readonly<Record<string, string>>, reason: string): string {
  return reasons[reason] ?? '';
}

import { createFileRoute } from '@tanstack/react-router';
import { ShoppingBag } from 'lucide-react';
import { useTexts } from '../../i18n/messages.ts';
import { RequireAccount } from '../../shell/require-account.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { MoreButton } from '../../ui/more-button.tsx';
import { Page } from '../../ui/page.tsx';
import { DownloadArchive } from '../downloads/download-archive.tsx';
import { LinesSkeleton } from '../lines-skeleton.tsx';
import { NothingYet } from '../nothing-yet.tsx';
import { BoughtOrder } from './bought-order.tsx';
import { purchasesTexts } from './texts.ts';
import { usePurchases } from './use-purchases.ts';

export const Route = createFileRoute('/_find/purchases')({
  component: () => (
    <RequireAccount>
      <Purchases />
    </RequireAccount>
  ),
});

function Purchases() {
  const texts = useTexts(purchasesTexts);
  const purchases = usePurchases();
  const items = purchases.data?.pages.flatMap((page) => page.items);
  const orders = Map.groupBy(items ?? [], ({ orderId }) => orderId);
  const isWhole = !purchases.hasNextPage;
  return (
    <Page
      title={texts.title}
      actions={
        items !== undefined && items.length > 0 && <DownloadArchive {...(isWhole ? { count: items.length } : {})} />
      }
    >
      {items === undefined && purchases.error === null && <LinesSkeleton />}
      {items?.length === 0 && (
        <NothingYet icon={ShoppingBag} title={texts.empty}>
          {texts.emptyText}
        </NothingYet>
      )}
      <div className="space-y-10">
        {[...orders].map(([orderId, bought]) => (
          <BoughtOrder key={orderId} orderId={orderId} bought={bought} hasDownload={orders.size > 1 || !isWhole} />
        ))}
      </div>
      {purchases.error !== null && <ErrorNote error={purchases.error} onRetry={() => void purchases.refetch()} />}
      <MoreButton list={purchases} label={texts.more} />
    </Page>
  );
}

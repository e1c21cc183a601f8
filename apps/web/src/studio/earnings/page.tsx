import { createFileRoute, Link } from '@tanstack/react-router';
import { Wallet } from 'lucide-react';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/messages.ts';
import { buttonClass } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { MoreButton } from '../../ui/more-button.tsx';
import { Page } from '../../ui/page.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Figure } from '../figure.tsx';
import { RequireCreator } from '../require-creator.tsx';
import { SaleRow } from '../sale-row.tsx';
import { studioTexts } from '../texts.ts';
import { useWallet, useWalletEntries } from '../use-wallet.ts';
import { earningsTexts } from './texts.ts';

export const Route = createFileRoute('/studio/earnings')({ component: EarningsPage });

function EarningsPage() {
  return (
    <Page title={useTexts(earningsTexts).title}>
      <RequireCreator>
        <Earnings />
      </RequireCreator>
    </Page>
  );
}

function Earnings() {
  const texts = useTexts(earningsTexts);
  const studio = useTexts(studioTexts);
  const format = useFormat();
  const wallet = useWallet();
  const entries = useWalletEntries();
  return (
    <div className="space-y-10">
      {wallet.error !== null && <ErrorNote error={wallet.error} onRetry={() => void wallet.refetch()} />}
      <div className="space-y-4">
        <dl className="grid grid-cols-2 gap-6 md:grid-cols-4">
          <Figure label={texts.balance} value={wallet.data && format.rupiah(wallet.data.balanceIdr)} />
          <Figure label={texts.earned} value={wallet.data && format.rupiah(wallet.data.earnedIdr)} />
        </dl>
        <p className="max-w-prose text-muted">{texts.payout}</p>
      </div>
      {entries.isPending && <Skeleton className="h-64" />}
      {entries.error !== null && <ErrorNote error={entries.error} onRetry={() => void entries.refetch()} />}
      {entries.data?.length === 0 && (
        <Empty
          icon={Wallet}
          title={texts.emptyTitle}
          action={
            <Link to="/studio/upload" className={buttonClass()}>
              {studio.upload}
            </Link>
          }
        >
          {texts.emptyText}
        </Empty>
      )}
      {entries.data !== undefined && entries.data.length > 0 && (
        <section>
          <h2 className="mb-2 text-lg font-semibold">{texts.sales}</h2>
          <ul>
            {entries.data.map((entry) => (
              <SaleRow key={`${entry.orderId} ${entry.photoId}`} entry={entry} />
            ))}
          </ul>
          <MoreButton list={entries} label={texts.more} className="mt-4" />
        </section>
      )}
    </div>
  );
}

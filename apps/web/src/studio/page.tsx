import { createFileRoute, Link } from '@tanstack/react-router';
import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import { useFormat } from '../i18n/format.ts';
import { useTexts } from '../i18n/messages.ts';
import { buttonClass } from '../ui/button.tsx';
import { classNames } from '../ui/class-names.ts';
import { ErrorNote } from '../ui/error-note.tsx';
import { Page } from '../ui/page.tsx';
import { EventRow } from './event-row.tsx';
import { Figure } from './figure.tsx';
import { Invitations } from './invitations.tsx';
import { overviewTexts } from './overview-texts.ts';
import { RequireCreator } from './require-creator.tsx';
import { SaleRow } from './sale-row.tsx';
import { studioTexts } from './texts.ts';
import { useMyCounts } from './use-my-counts.ts';
import { useMyEvents } from './use-my-events.ts';
import { useWallet, useWalletEntries } from './use-wallet.ts';

export const Route = createFileRoute('/studio/')({ component: OverviewPage });

function OverviewPage() {
  return (
    <Page
      title={useTexts(overviewTexts).title}
      actions={
        <Link to="/studio/upload" className={buttonClass()}>
          {useTexts(studioTexts).upload}
        </Link>
      }
    >
      <RequireCreator>
        <Overview />
      </RequireCreator>
    </Page>
  );
}

function Overview() {
  const texts = useTexts(overviewTexts);
  const format = useFormat();
  const counts = useMyCounts();
  const wallet = useWallet();
  const events = useMyEvents();
  const sales = useWalletEntries(5);
  const error = counts.error ?? wallet.error ?? events.error;
  const retry = () => {
    for (const query of [counts, wallet, events]) void query.refetch();
  };
  const { raw = 0, failed = 0, withoutEvent = 0 } = counts.data ?? {};
  const notes = [raw > 0 && texts.preparing(raw), withoutEvent > 0 && texts.withoutEvent(withoutEvent)].filter(Boolean);
  const isNew = counts.data !== undefined && events.data !== undefined && counts.data.sold === 0;
  return (
    <div className="space-y-12">
      {error !== null && <ErrorNote error={error} onRetry={retry} />}
      <Invitations />
      <dl className="grid grid-cols-2 gap-x-6 gap-y-8 md:grid-cols-4">
        <Figure
          label={texts.balance}
          value={wallet.data && format.rupiah(wallet.data.balanceIdr)}
          to="/studio/earnings"
          {...(wallet.data && { note: texts.earned(format.rupiah(wallet.data.earnedIdr)) })}
        />
        <Figure label={texts.sold} value={counts.data && format.number(counts.data.sold)} />
        <Figure
          label={texts.onSale}
          value={counts.data && format.number(counts.data.onSale)}
          {...(notes.length > 0 && { note: notes.join(' · ') })}
        />
        {failed > 0 && <Figure label={texts.attention} value={format.number(failed)} note={texts.failedNote} />}
      </dl>
      {isNew && (
        <FirstSteps hasEvent={(events.data?.length ?? 0) > 0} hasPhotos={(counts.data?.onSale ?? 0) + raw > 0} />
      )}
      {events.data !== undefined && events.data.length > 0 && (
        <Section title={texts.events} to="/studio/events" more={texts.allEvents}>
          <ul>
            {events.data.slice(0, 4).map((event) => (
              <EventRow key={event.eventId} event={event} />
            ))}
          </ul>
        </Section>
      )}
      {sales.data !== undefined && (
        <Section title={texts.sales} to="/studio/earnings" more={texts.allSales}>
          {sales.data.length === 0 ? (
            <p className="text-muted">{texts.noSales}</p>
          ) : (
            <ul>
              {sales.data.slice(0, 5).map((entry) => (
                <SaleRow key={`${entry.orderId} ${entry.photoId}`} entry={entry} />
              ))}
            </ul>
          )}
        </Section>
      )}
    </div>
  );
}

interface SectionProps {
  title: string;
  to: '/studio/events' | '/studio/earnings';
  more: string;
  children: ReactNode;
}

function Section({ title, to, more, children }: SectionProps) {
  return (
    <section>
      <div className="mb-2 flex items-baseline justify-between gap-4">
        <h2 className="text-lg font-semibold">{title}</h2>
        <Link to={to} className={buttonClass('quiet', 'small')}>
          {more}
        </Link>
      </div>
      {children}
    </section>
  );
}

/** What to do before the first sale. */
function FirstSteps({ hasEvent, hasPhotos }: { hasEvent: boolean; hasPhotos: boolean }) {
  const texts = useTexts(overviewTexts);
  const steps = [
    { name: 'event', to: '/studio/events/new', isDone: hasEvent },
    { name: 'upload', to: '/studio/upload', isDone: hasPhotos },
    { name: 'share', to: '/studio/events', isDone: false },
  ] as const;
  const next = steps.find(({ isDone }) => !isDone);
  return (
    <section className="rounded-lg bg-sunken p-6 md:p-8">
      <h2 className="mb-5 text-xl font-semibold">{texts.firstTitle}</h2>
      <ol className="grid gap-6 md:grid-cols-3">
        {steps.map(({ name, to, isDone }, index) => (
          <li key={name} className="flex gap-3">
            <span
              className={classNames(
                'flex size-8 shrink-0 items-center justify-center rounded-full font-semibold',
                isDone ? 'bg-good-soft text-good' : 'bg-accent-soft text-accent',
              )}
            >
              {isDone ? <Check size={18} aria-label={texts.done} /> : index + 1}
            </span>
            <div className="space-y-2">
              <p className="pt-1 font-medium">{texts.steps[name]}</p>
              <p className="text-muted">{texts.stepTexts[name]}</p>
              {!isDone && (
                <Link to={to} className={buttonClass(name === next?.name ? 'primary' : 'secondary', 'small')}>
                  {texts.steps[name]}
                </Link>
              )}
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}

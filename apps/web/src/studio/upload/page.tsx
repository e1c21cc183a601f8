import { createFileRoute } from '@tanstack/react-router';
import { useState } from 'react';
import { useTexts } from '../../i18n/messages.ts';
import { Page } from '../../ui/page.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import type { Found } from '../../uploads/find-files.ts';
import type { Filter } from '../../uploads/queue.ts';
import { addFound } from '../../uploads/uploads.ts';
import { useUploads } from '../../uploads/use-uploads.ts';
import { RequireCreator } from '../require-creator.tsx';
import { DropZone } from './drop-zone.tsx';
import { Notices } from './notices.tsx';
import { QueueSection } from './queue-section.tsx';
import { TermsForm, termsOf, useDraft } from './terms-form.tsx';
import { uploadTexts } from './texts.ts';

interface Search {
  event?: string;
  show?: Filter;
}

export const Route = createFileRoute('/studio/upload')({
  component: UploadPage,
  validateSearch: ({ event, show }: Record<string, unknown>): Search => ({
    ...(typeof event === 'string' && { event }),
    ...((show === 'going' || show === 'refused') && { show }),
  }),
});

function UploadPage() {
  return (
    <Page title={useTexts(uploadTexts).title}>
      <RequireCreator>
        <Upload />
      </RequireCreator>
    </Page>
  );
}

function Upload() {
  const texts = useTexts(uploadTexts);
  const uploads = useUploads();
  const { event, show = 'all' } = Route.useSearch();
  const navigate = Route.useNavigate();
  const [draft, setDraft] = useDraft(event);
  const [wantsPrice, setWantsPrice] = useState(false);
  const [said, setSaid] = useState('');
  if (uploads === undefined) return <Skeleton className="h-96" />;
  const { uploader, folders } = uploads;
  const isBegun = uploader.queue.progress.total > 0;

  const add = async (found: AsyncGenerator<Found>) => {
    const terms = termsOf(draft);
    setWantsPrice(terms === undefined);
    if (terms === undefined) {
      document.getElementsByName('price')[0]?.focus();
      return;
    }
    try {
      let report = texts.nothingFound;
      await addFound(uploads, await uploader.queue.addBatch(terms), found, (sum) => {
        setSaid(texts.listing(sum.added + sum.known + sum.again));
        report = reportOf(texts, sum) || texts.nothingFound;
      });
      setSaid(report);
    } catch {
      setSaid(texts.notKept);
    }
  };

  return (
    <div className="space-y-8">
      {uploader.mode !== 'halted' && (
        <>
          <TermsForm draft={draft} onChange={setDraft} wantsPrice={wantsPrice} />
          <DropZone folders={folders} isSmall={isBegun} onFound={(found) => void add(found)} />
        </>
      )}
      <p role="status" className={said === '' ? 'sr-only' : 'text-muted'}>
        {said}
      </p>
      <Notices uploads={uploads} />
      {isBegun && (
        <QueueSection
          uploads={uploads}
          filter={show}
          onFilter={(next) =>
            void navigate({
              search: ({ show: _, ...rest }) => (next === 'all' ? rest : { ...rest, show: next }),
              replace: true,
            })
          }
        />
      )}
    </div>
  );
}

function reportOf(
  texts: (typeof uploadTexts)['en'],
  sum: { added: number; known: number; again: number; leftOut: ReadonlyMap<string, number> },
): string {
  const { added, known, again, leftOut } = sum;
  const kinds = [...leftOut].map(([kind, count]) => `${kind} (${count})`).join(', ');
  return [
    added > 0 && texts.added(added),
    again > 0 && texts.again(again),
    known > 0 && texts.known(known),
    kinds !== '' && texts.leftOut(kinds),
  ]
    .filter(Boolean)
    .join(' ');
}

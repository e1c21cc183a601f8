import { createFileRoute, Link } from '@tanstack/react-router';
import { ImageUp, SearchX } from 'lucide-react';
import { useState } from 'react';
import { PhotoGrid } from '../../../gallery/photo-grid.tsx';
import { useFormat } from '../../../i18n/format.ts';
import { useTexts } from '../../../i18n/messages.ts';
import { Button, buttonClass } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Empty } from '../../../ui/empty.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { Page } from '../../../ui/page.tsx';
import { Segments } from '../../../ui/segments.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { isPhotoState, type PhotoState, photoStates, stateNames } from '../../photo-states.ts';
import { RequireCreator } from '../../require-creator.tsx';
import { studioTexts } from '../../texts.ts';
import { useEvent } from '../../use-event.ts';
import { useMyEvents } from '../../use-my-events.ts';
import { useOwnGrid } from '../../use-own-grid.ts';
import { BulkBar } from './bulk-bar.tsx';
import { PhotoMark } from './photo-mark.tsx';
import { eventTexts } from './texts.ts';

export const Route = createFileRoute('/studio/events/$eventId')({
  component: EventPage,
  validateSearch: ({ state }: Record<string, unknown>): { state?: PhotoState } =>
    isPhotoState(state) ? { state } : {},
});

function EventPage() {
  const { eventId } = Route.useParams();
  const texts = useTexts(eventTexts);
  const studio = useTexts(studioTexts);
  const format = useFormat();
  const event = useEvent(eventId);
  const isNone = eventId === 'none';
  return (
    <Page
      width="wide"
      title={isNone ? texts.withoutEvent : (event.data?.name ?? '…')}
      actions={
        <div className="flex flex-wrap gap-3">
          {!isNone && (
            <Link to="/studio/events/$eventId/settings" params={{ eventId }} className={buttonClass('secondary')}>
              {texts.settings}
            </Link>
          )}
          <Link to="/studio/upload" search={isNone ? {} : { event: eventId }} className={buttonClass()}>
            {studio.upload}
          </Link>
        </div>
      }
    >
      <RequireCreator>
        {event.error !== null ? (
          <ErrorNote error={event.error} onRetry={() => void event.refetch()} />
        ) : (
          <div className="space-y-6">
            {event.data !== undefined && (
              <p className="-mt-4 text-muted">
                {[
                  format.days(event.data.startsAt, event.data.endsAt, event.data.timeZone),
                  event.data.place,
                  studio.visibilities[event.data.visibility],
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </p>
            )}
            <Photos eventId={eventId} timeZone={event.data?.timeZone} />
          </div>
        )}
      </RequireCreator>
    </Page>
  );
}

function Photos({ eventId, timeZone }: { eventId: string; timeZone: string | undefined }) {
  const texts = useTexts(eventTexts);
  const studio = useTexts(studioTexts);
  const format = useFormat();
  const { state } = Route.useSearch();
  const navigate = Route.useNavigate();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [showsKeys, setShowsKeys] = useState(false);
  const counts = useMyEvents().data?.find((event) => event.eventId === eventId)?.counts;
  const grid = useOwnGrid({ eventId, state });
  const show = (next: PhotoState | 'all') => {
    setSelected(new Set());
    void navigate({ search: next === 'all' ? {} : { state: next }, replace: true });
  };
  const all = counts && counts.raw + counts.onSale + counts.hidden + counts.failed + counts.removed;
  const choices = [
    { value: 'all' as const, label: studio.all, ...(all !== undefined && { count: format.number(all) }) },
    ...photoStates
      .filter((each) => each === state || counts === undefined || counts[stateNames[each]] > 0)
      .map((each) => ({
        value: each,
        label: studio.states[stateNames[each]],
        ...(counts && { count: format.number(counts[stateNames[each]]) }),
      })),
  ];
  return (
    <>
      {(all !== 0 || state !== undefined) && (
        <Segments label={texts.filter} value={state ?? 'all'} choices={choices} onChange={show} />
      )}
      {grid.isPending && <Skeleton className="h-[60vh]" />}
      {grid.error !== null && <ErrorNote error={grid.error} onRetry={() => void grid.refetch()} />}
      {grid.data?.total === 0 && state === undefined && (
        <Empty
          icon={ImageUp}
          title={texts.emptyTitle}
          action={
            <Link to="/studio/upload" search={eventId === 'none' ? {} : { event: eventId }} className={buttonClass()}>
              {studio.upload}
            </Link>
          }
        >
          {texts.emptyText}
        </Empty>
      )}
      {grid.data?.total === 0 && state !== undefined && (
        <Empty
          icon={SearchX}
          title={texts.noneTitle}
          action={
            <Button kind="secondary" onClick={() => show('all')}>
              {texts.showAll}
            </Button>
          }
        >
          {texts.noneText}
        </Empty>
      )}
      {grid.data !== undefined && grid.data.total > 0 && (
        <PhotoGrid
          label={texts.grid}
          source={grid.data}
          timeZone={timeZone}
          selection={{ selected, onChange: setSelected }}
          renderMark={(photo) => <PhotoMark photo={photo} />}
          onOpen={(photoId) => void navigate({ to: '/studio/photos/$photoId', params: { photoId } })}
          onKeys={() => setShowsKeys(true)}
        />
      )}
      {selected.size > 0 && (
        <BulkBar filter={{ eventId, state }} photoIds={[...selected]} onDone={() => setSelected(new Set())} />
      )}
      {showsKeys && <KeysDialog onClose={() => setShowsKeys(false)} />}
    </>
  );
}

function KeysDialog({ onClose }: { onClose: () => void }) {
  const texts = useTexts(eventTexts);
  return (
    <Dialog title={texts.keysTitle} onClose={onClose}>
      <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-2">
        {(['arrows', 'enter', 'x', 'shift', 'escape'] as const).map((key) => (
          <div key={key} className="contents">
            <dt className="font-medium">{texts.keyNames[key]}</dt>
            <dd>{texts.keys[key]}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { createFileRoute, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { answerOf, api } from '../../../../api/api.ts';
import { useAccount } from '../../../../api/use-session.ts';
import { useFormat } from '../../../../i18n/format.ts';
import { useTexts } from '../../../../i18n/messages.ts';
import { Button, buttonClass } from '../../../../ui/button.tsx';
import { ConfirmDialog } from '../../../../ui/confirm-dialog.tsx';
import { ErrorNote } from '../../../../ui/error-note.tsx';
import { Page } from '../../../../ui/page.tsx';
import { Skeleton } from '../../../../ui/skeleton.tsx';
import { showToast } from '../../../../ui/toast-store.ts';
import { EventForm, type EventInput } from '../../../event-form.tsx';
import { RequireCreator } from '../../../require-creator.tsx';
import { ShareLink } from '../../../share-link.tsx';
import { studioTexts } from '../../../texts.ts';
import { type EventView, useEvent } from '../../../use-event.ts';
import { localOf } from '../../../zone-time.ts';
import { EventCreators } from './event-creators.tsx';
import { settingsTexts } from './texts.ts';

export const Route = createFileRoute('/studio/events/$eventId/settings')({ component: SettingsPage });

function SettingsPage() {
  const { eventId } = Route.useParams();
  const texts = useTexts(settingsTexts);
  const event = useEvent(eventId);
  return (
    <Page
      width="narrow"
      title={event.data === undefined ? '…' : texts.title(event.data.name)}
      actions={
        <Link to="/studio/events/$eventId" params={{ eventId }} className={buttonClass('secondary', 'small')}>
          {texts.back}
        </Link>
      }
    >
      <RequireCreator>
        {event.isPending && <Skeleton className="h-96" />}
        {event.error !== null && <ErrorNote error={event.error} onRetry={() => void event.refetch()} />}
        {event.data !== undefined && <Settings event={event.data} />}
      </RequireCreator>
    </Page>
  );
}

function Settings({ event }: { event: EventView }) {
  const texts = useTexts(settingsTexts);
  const studio = useTexts(studioTexts);
  const format = useFormat();
  const account = useAccount();
  const client = useQueryClient();
  const { eventId } = event;
  // The owner stands first.
  const isOwner = event.creators[0]?.creatorId === account?.accountId;
  const change = useMutation({
    mutationFn: (body: Partial<EventInput> & { coverPhotoId?: null }) =>
      answerOf(api.PATCH('/v1/events/{eventId}', { params: { path: { eventId } }, body })),
    onSuccess: async () => {
      showToast({ text: studio.saved });
      await client.invalidateQueries({ queryKey: ['studio', 'events'] });
    },
  });
  return (
    <div className="space-y-12">
      <ShareLink event={event} />
      {isOwner ? (
        <EventForm
          initial={{
            name: event.name,
            startsAt: localOf(event.startsAt, event.timeZone),
            endsAt: localOf(event.endsAt, event.timeZone),
            timeZone: event.timeZone,
            place: event.place ?? '',
            visibility: event.visibility,
            retentionDays: String(event.retentionDays),
          }}
          submitLabel={studio.save}
          isBusy={change.isPending}
          error={change.error}
          onSubmit={(input) => change.mutate(changedIn(event, input))}
        />
      ) : (
        <p className="text-muted">{texts.notOwner}</p>
      )}
      {event.facesUntil !== undefined && (
        <p className="text-sm text-muted">{texts.facesUntil(format.day(event.facesUntil, event.timeZone))}</p>
      )}
      <section className="space-y-3">
        <h2 className="text-lg font-semibold">{texts.cover}</h2>
        {event.coverSmallUrl === null ? (
          <p className="text-muted">{texts.noCover}</p>
        ) : (
          <>
            <img src={event.coverSmallUrl} alt="" className="max-h-64 rounded-md" />
            <p className="text-sm text-muted">{texts.coverHint}</p>
            {isOwner && (
              <Button kind="secondary" size="small" onClick={() => change.mutate({ coverPhotoId: null })}>
                {texts.resetCover}
              </Button>
            )}
          </>
        )}
      </section>
      <EventCreators eventId={eventId} isOwner={isOwner} />
      {isOwner && <DeleteEvent eventId={eventId} />}
    </div>
  );
}

/** Only what is otherwise: to change the times of an event has all its photos read again. */
function changedIn(event: EventView, input: EventInput): Partial<EventInput> {
  const isSame = (name: keyof EventInput) =>
    name === 'startsAt' || name === 'endsAt'
      ? // The form knows minutes.
        localOf(input[name], 'UTC') === localOf(event[name], 'UTC')
      : input[name] === event[name];
  const names = (Object.keys(input) as (keyof EventInput)[]).filter((name) => !isSame(name));
  return names.length === 0 ? { name: input.name } : Object.fromEntries(names.map((name) => [name, input[name]]));
}

function DeleteEvent({ eventId }: { eventId: string }) {
  const texts = useTexts(settingsTexts);
  const navigate = Route.useNavigate();
  const client = useQueryClient();
  const [isAsked, setIsAsked] = useState(false);
  const remove = useMutation({
    mutationFn: () => api.DELETE('/v1/events/{eventId}', { params: { path: { eventId } } }),
    onSuccess: async () => {
      showToast({ text: texts.deleted });
      await navigate({ to: '/studio/events' });
      client.removeQueries({ queryKey: ['studio', 'events', eventId] });
      await client.invalidateQueries({ queryKey: ['studio', 'events'] });
    },
  });
  return (
    <section className="border-t border-line pt-6">
      <Button kind="danger" onClick={() => setIsAsked(true)}>
        {texts.delete}
      </Button>
      {isAsked && (
        <ConfirmDialog
          title={texts.deleteTitle}
          confirm={texts.delete}
          isBusy={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutate()}
          onClose={() => setIsAsked(false)}
        >
          <p>{texts.deleteText}</p>
        </ConfirmDialog>
      )}
    </section>
  );
}

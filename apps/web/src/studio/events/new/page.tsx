import { useMutation, useQueryClient } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { useMemo } from 'react';
import { answerOf, api } from '../../../api/api.ts';
import { useAccount } from '../../../api/use-session.ts';
import { useTexts } from '../../../i18n/messages.ts';
import { Page } from '../../../ui/page.tsx';
import { showToast } from '../../../ui/toast-store.ts';
import { type EventDraft, EventForm, type EventInput } from '../../event-form.tsx';
import { RequireCreator } from '../../require-creator.tsx';
import { localOf } from '../../zone-time.ts';
import { newEventTexts } from './texts.ts';

export const Route = createFileRoute('/studio/events/new')({ component: NewEventPage });

function NewEventPage() {
  return (
    <Page title={useTexts(newEventTexts).title} width="narrow">
      <RequireCreator>
        <NewEvent />
      </RequireCreator>
    </Page>
  );
}

function NewEvent() {
  const texts = useTexts(newEventTexts);
  const navigate = Route.useNavigate();
  const client = useQueryClient();
  const timeZone = useAccount()?.timeZone ?? 'Asia/Jakarta';
  const initial = useMemo(() => emptyDraft(timeZone), [timeZone]);
  const create = useMutation({
    mutationFn: (body: EventInput) => answerOf(api.POST('/v1/events', { body })),
    onSuccess: async ({ eventId }) => {
      await client.invalidateQueries({ queryKey: ['studio', 'events'] });
      showToast({ text: texts.created });
      await navigate({ to: '/studio/events/$eventId', params: { eventId } });
    },
  });
  return (
    <EventForm
      initial={initial}
      submitLabel={texts.create}
      isBusy={create.isPending}
      error={create.error}
      onSubmit={(input) => create.mutate(input)}
    />
  );
}

/** Today, from morning to noon. */
function emptyDraft(timeZone: string): EventDraft {
  const day = localOf(new Date(), timeZone).slice(0, 10);
  return {
    name: '',
    startsAt: `${day}T06:00`,
    endsAt: `${day}T12:00`,
    timeZone,
    place: '',
    visibility: 'matches',
    retentionDays: '60',
  };
}

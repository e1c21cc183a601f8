import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answerOf, api } from '../api/api.ts';
import { useFormat } from '../i18n/format.ts';
import { useTexts } from '../i18n/messages.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { showToast } from '../ui/toast-store.ts';
import { overviewTexts } from './overview-texts.ts';

/** Events that other creators invite me into; nothing while there are none. */
export function Invitations() {
  const texts = useTexts(overviewTexts);
  const format = useFormat();
  const client = useQueryClient();
  const invitations = useQuery({
    queryKey: ['studio', 'invitations'],
    queryFn: async ({ signal }) => (await answerOf(api.GET('/v1/creator/invitations', { signal }))).items,
  });
  const answer = useMutation({
    mutationFn: ({ eventId, verb }: { eventId: string; verb: 'accept' | 'decline' }) =>
      api.POST(`/v1/creator/invitations/{eventId}/${verb}`, { params: { path: { eventId } } }),
    onSuccess: async (_, { verb }) => {
      showToast({ text: verb === 'accept' ? texts.accepted : texts.declined });
      await client.invalidateQueries({ queryKey: ['studio', 'invitations'] });
      await client.invalidateQueries({ queryKey: ['studio', 'events'] });
    },
  });
  if (invitations.data === undefined || invitations.data.length === 0) return null;
  return (
    <section className="space-y-3">
      <h2 className="text-lg font-semibold">{texts.invitations}</h2>
      {answer.error !== null && <ErrorNote error={answer.error} />}
      <ul className="space-y-3">
        {invitations.data.map(({ eventId, name, owner, startsAt, endsAt, timeZone }) => (
          <li key={eventId} className="flex flex-wrap items-center gap-4 rounded-md bg-accent-soft p-4">
            <div className="min-w-0 flex-1 basis-64">
              <p className="font-medium">{name}</p>
              <p className="text-sm text-muted">{format.days(startsAt, endsAt, timeZone)}</p>
              <p className="text-sm">{texts.invited(owner.name ?? texts.somebody)}</p>
            </div>
            <div className="flex gap-3">
              <Button
                kind="quiet"
                size="small"
                disabled={answer.isPending}
                onClick={() => answer.mutate({ eventId, verb: 'decline' })}
              >
                {texts.decline}
              </Button>
              <Button
                size="small"
                disabled={answer.isPending}
                onClick={() => answer.mutate({ eventId, verb: 'accept' })}
              >
                {texts.accept}
              </Button>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

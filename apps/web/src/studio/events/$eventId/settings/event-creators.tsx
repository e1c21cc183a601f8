import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { type Answer, answerOf, api } from '../../../../api/api.ts';
import { ApiProblem } from '../../../../api/problem.ts';
import { useAccount } from '../../../../api/use-session.ts';
import { useTexts } from '../../../../i18n/messages.ts';
import { Badge } from '../../../../ui/badge.tsx';
import { Button } from '../../../../ui/button.tsx';
import { ConfirmDialog } from '../../../../ui/confirm-dialog.tsx';
import { ErrorNote, useErrorText } from '../../../../ui/error-note.tsx';
import { TextField } from '../../../../ui/field.tsx';
import { showToast } from '../../../../ui/toast-store.ts';
import { copyText } from '../../../copy-text.ts';
import { studioTexts } from '../../../texts.ts';
import { settingsTexts } from './texts.ts';

type EventCreator = Answer<'/v1/events/{eventId}/creators'>['items'][number];

interface Props {
  eventId: string;
  isOwner: boolean;
}

/** Who puts photos into an event, and who is asked to. */
export function EventCreators({ eventId, isOwner }: Props) {
  const texts = useTexts(settingsTexts);
  const studio = useTexts(studioTexts);
  const accountId = useAccount()?.accountId;
  const client = useQueryClient();
  const navigate = useNavigate();
  const [isLeaving, setIsLeaving] = useState(false);
  const queryKey = ['studio', 'creators', eventId];
  const creators = useQuery({
    queryKey,
    queryFn: async ({ signal }) =>
      (await answerOf(api.GET('/v1/events/{eventId}/creators', { params: { path: { eventId } }, signal }))).items,
  });
  const remove = useMutation({
    mutationFn: (creatorId: string) =>
      api.DELETE('/v1/events/{eventId}/creators/{creatorId}', { params: { path: { eventId, creatorId } } }),
    onSuccess: async (_, creatorId) => {
      const hasLeft = creatorId === accountId;
      showToast({ text: hasLeft ? texts.left : texts.removed });
      if (hasLeft) await navigate({ to: '/studio/events' });
      await client.invalidateQueries({ queryKey: hasLeft ? ['studio', 'events'] : queryKey });
    },
  });
  return (
    <section className="space-y-4">
      <h2 className="text-lg font-semibold">{texts.creators}</h2>
      <p className="text-sm text-muted">{texts.creatorsHint}</p>
      {creators.error !== null && <ErrorNote error={creators.error} onRetry={() => void creators.refetch()} />}
      {remove.error !== null && <ErrorNote error={remove.error} />}
      <ul>
        {creators.data?.map((creator) => (
          <Row
            key={creator.creatorId}
            creator={creator}
            isMe={creator.creatorId === accountId}
            onRemove={isOwner && !creator.isOwner ? () => remove.mutate(creator.creatorId) : undefined}
          />
        ))}
      </ul>
      {isOwner && <Invite eventId={eventId} onInvited={() => void client.invalidateQueries({ queryKey })} />}
      {accountId !== undefined && (
        <p className="flex flex-wrap items-center gap-3 text-sm text-muted">
          <span>
            {texts.mine}: <code className="break-all">{accountId}</code>
          </span>
          <Button kind="quiet" size="small" onClick={() => void copyText(accountId, studio.copied)}>
            {studio.copy}
          </Button>
        </p>
      )}
      {!isOwner && accountId !== undefined && (
        <Button kind="danger" onClick={() => setIsLeaving(true)}>
          {texts.leave}
        </Button>
      )}
      {isLeaving && accountId !== undefined && (
        <ConfirmDialog
          title={texts.leaveTitle}
          confirm={texts.leave}
          isBusy={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutate(accountId)}
          onClose={() => setIsLeaving(false)}
        >
          <p>{texts.leaveText}</p>
        </ConfirmDialog>
      )}
    </section>
  );
}

interface RowProps {
  creator: EventCreator;
  isMe: boolean;
  onRemove: (() => void) | undefined;
}

function Row({ creator: { name, isOwner, state }, isMe, onRemove }: RowProps) {
  const texts = useTexts(settingsTexts);
  return (
    <li className="flex min-h-14 items-center gap-3 border-b border-line">
      <span className="min-w-0 flex-1 truncate">
        {name ?? texts.nameless} {isMe && <span className="text-muted">({texts.you})</span>}
      </span>
      <Badge tone={state === 'invited' ? 'warn' : 'plain'}>{isOwner ? texts.owner : texts.states[state]}</Badge>
      {onRemove !== undefined && (
        <Button kind="quiet" size="small" onClick={onRemove}>
          {texts.remove}
        </Button>
      )}
    </li>
  );
}

function Invite({ eventId, onInvited }: { eventId: string; onInvited: () => void }) {
  const texts = useTexts(settingsTexts);
  const [creatorId, setCreatorId] = useState('');
  const invite = useMutation({
    mutationFn: () =>
      api.POST('/v1/events/{eventId}/creators', {
        params: { path: { eventId } },
        body: { creatorId: creatorId.trim() },
      }),
    onSuccess: () => {
      setCreatorId('');
      showToast({ text: texts.invited });
      onInvited();
    },
  });
  const errorText = useErrorText(invite.error);
  const fieldText = invite.error instanceof ApiProblem ? invite.error.fields.get('creatorId') : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    invite.mutate();
  };
  return (
    <form className="space-y-3" onSubmit={submit}>
      <TextField
        label={texts.inviteLabel}
        hint={texts.inviteHint}
        required
        autoComplete="off"
        spellCheck={false}
        value={creatorId}
        error={invite.error === null ? undefined : (fieldText ?? errorText)}
        onInput={(event) => setCreatorId(event.currentTarget.value)}
      />
      <Button type="submit" kind="secondary" isBusy={invite.isPending}>
        {texts.invite}
      </Button>
    </form>
  );
}

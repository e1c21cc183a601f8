import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { answerOf, api } from '../../../api/api.ts';
import { useAccount } from '../../../api/use-session.ts';
import { useTexts } from '../../../i18n/messages.ts';
import { Button } from '../../../ui/button.tsx';
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { showToast } from '../../../ui/toast-store.ts';
import { deletePhotos } from '../../bulk.ts';
import { useEvent } from '../../use-event.ts';
import type { OwnPhoto } from '../../use-own-photo.ts';
import { photoTexts } from './texts.ts';

/** The cover of its event, and the end of a photo. */
export function PhotoActions({ photo }: { photo: OwnPhoto }) {
  const texts = useTexts(photoTexts);
  const client = useQueryClient();
  const navigate = useNavigate();
  const accountId = useAccount()?.accountId;
  const event = useEvent(photo.eventId ?? 'none').data;
  const [isAsked, setIsAsked] = useState(false);
  const [refusal, setRefusal] = useState<string>();
  const { photoId, eventId, status, hidden, soldCount } = photo;
  const cover = useMutation({
    mutationFn: (ofEvent: string) =>
      answerOf(
        api.PATCH('/v1/events/{eventId}', { params: { path: { eventId: ofEvent } }, body: { coverPhotoId: photoId } }),
      ),
    onSuccess: async () => {
      showToast({ text: texts.coverSet });
      await client.invalidateQueries({ queryKey: ['studio', 'events'] });
    },
  });
  const remove = useMutation({
    mutationFn: () => deletePhotos([photoId]),
    onSuccess: async ({ refused }) => {
      setRefusal(refused[0]?.detail);
      if (refused.length > 0) return;
      showToast({ text: texts.deleted });
      await navigate({ to: '/studio/events/$eventId', params: { eventId: eventId ?? 'none' } });
      client.removeQueries({ queryKey: ['studio', 'photo', photoId] });
      await client.invalidateQueries({ queryKey: ['studio'] });
    },
  });
  const canBeCover = eventId !== null && status === 'on_sale' && !hidden && event?.creators[0]?.creatorId === accountId;
  return (
    <section className="flex flex-col items-start gap-3 border-t border-line pt-6">
      {cover.error !== null && <ErrorNote error={cover.error} />}
      {canBeCover && (
        <Button kind="secondary" isBusy={cover.isPending} onClick={() => cover.mutate(eventId)}>
          {texts.cover}
        </Button>
      )}
      {soldCount > 0 ? (
        <p className="text-sm text-muted">{texts.deleteSold}</p>
      ) : (
        <Button kind="danger" onClick={() => setIsAsked(true)}>
          {texts.delete}
        </Button>
      )}
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
          {refusal !== undefined && (
            <p role="alert" className="text-danger">
              {refusal}
            </p>
          )}
        </ConfirmDialog>
      )}
    </section>
  );
}

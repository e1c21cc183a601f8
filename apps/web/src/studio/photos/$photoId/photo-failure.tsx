import { useMutation, useQueryClient } from '@tanstack/react-query';
import { answerOf, api } from '../../../api/api.ts';
import { useTexts } from '../../../i18n/messages.ts';
import { Button } from '../../../ui/button.tsx';
import { useErrorText } from '../../../ui/error-note.tsx';
import { showToast } from '../../../ui/toast-store.ts';
import type { OwnPhoto } from '../../use-own-photo.ts';
import { photoTexts } from './texts.ts';

/** Why a photo is not on sale, or not found by faces, and another try. */
export function PhotoFailure({ photo }: { photo: OwnPhoto }) {
  const texts = useTexts(photoTexts);
  const client = useQueryClient();
  const { photoId, status, recognition, failureReason, recognitionFailure } = photo;
  const retry = useMutation({
    mutationFn: () => answerOf(api.POST('/v1/uploads/{photoId}/retry', { params: { path: { photoId } } })),
    onSuccess: async () => {
      showToast({ text: texts.retried });
      await client.invalidateQueries({ queryKey: ['studio'] });
    },
  });
  const errorText = useErrorText(retry.error);
  if (status !== 'failed' && recognition !== 'failed') return null;
  return (
    <section className="space-y-3 rounded-md bg-danger-soft p-4 text-danger">
      <h2 className="font-semibold">{status === 'failed' ? texts.failedTitle : texts.recognitionFailed}</h2>
      <p>{status === 'failed' ? failureReason : recognitionFailure}</p>
      {retry.error !== null && <p role="alert">{errorText}</p>}
      {status === 'failed' && (
        <Button kind="secondary" size="small" isBusy={retry.isPending} onClick={() => retry.mutate()}>
          {texts.retry}
        </Button>
      )}
    </section>
  );
}

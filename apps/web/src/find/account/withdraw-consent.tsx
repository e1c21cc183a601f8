import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { answerOf, api } from '../../api/api.ts';
import { useTexts } from '../../i18n/messages.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Checkbox } from '../../ui/field.tsx';
import { accountTexts } from './texts.ts';

/** Says what a withdrawal does, and takes a clear yes for it. */
export function WithdrawConsent({ onClose }: { onClose: () => void }) {
  const texts = useTexts(accountTexts);
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [isUnderstood, setIsUnderstood] = useState(false);
  const withdraw = useMutation({
    mutationFn: () => answerOf(api.DELETE('/v1/me/consent')),
    onSuccess: ({ receiptId }) => {
      // What was remembered of my face goes from this page too.
      for (const root of ['consent', 'facecams', 'explore', 'photo', 'lists', 'notices', 'quote']) {
        void queryClient.resetQueries({ queryKey: [root] });
      }
      return navigate({ to: '/account/receipts/$receiptId', params: { receiptId } });
    },
  });
  return (
    <Dialog
      title={texts.withdrawTitle}
      onClose={onClose}
      actions={
        <>
          <Button kind="secondary" onClick={onClose}>
            {texts.keep}
          </Button>
          <Button kind="danger" disabled={!isUnderstood} isBusy={withdraw.isPending} onClick={() => withdraw.mutate()}>
            {texts.withdraw}
          </Button>
        </>
      }
    >
      <ul className="list-disc space-y-2 pl-5">
        {texts.withdrawText.split('\n').map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <Checkbox
        label={texts.withdrawCheck}
        checked={isUnderstood}
        onChange={(event) => setIsUnderstood(event.currentTarget.checked)}
      />
      {withdraw.error !== null && <ErrorNote error={withdraw.error} />}
    </Dialog>
  );
}

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { answerOf, api } from '../../api/api.ts';
import { useTexts } from '../../i18n/messages.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
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
    <ConfirmDialog
      title={texts.withdrawTitle}
      confirm={texts.withdraw}
      keep={texts.keep}
      isDisabled={!isUnderstood}
      isBusy={withdraw.isPending}
      error={withdraw.error}
      onConfirm={() => withdraw.mutate()}
      onClose={onClose}
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
    </ConfirmDialog>
  );
}

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { answerOf, api } from '../../../api/api.ts';
import { useTexts } from '../../../i18n/messages.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { orderTexts } from './texts.ts';

/** Asks once more before an order is given up. */
export function CancelOrder({ orderId, onClose }: { orderId: string; onClose: () => void }) {
  const texts = useTexts(orderTexts);
  const queryClient = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => answerOf(api.POST('/v1/orders/{orderId}/cancel', { params: { path: { orderId } } })),
    onSuccess: (order) => {
      queryClient.setQueryData(['orders', orderId], order);
      onClose();
    },
    // It may have been paid meanwhile.
    onError: () => queryClient.invalidateQueries({ queryKey: ['orders', orderId] }),
  });
  return (
    <Dialog
      title={texts.cancelTitle}
      onClose={onClose}
      actions={
        <>
          <Button kind="secondary" onClick={onClose}>
            {texts.keep}
          </Button>
          <Button kind="danger" isBusy={cancel.isPending} onClick={() => cancel.mutate()}>
            {texts.cancel}
          </Button>
        </>
      }
    >
      <p>{texts.cancelText}</p>
      {cancel.error !== null && <ErrorNote error={cancel.error} />}
    </Dialog>
  );
}

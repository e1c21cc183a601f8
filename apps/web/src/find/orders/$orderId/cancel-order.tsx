import { useMutation, useQueryClient } from '@tanstack/react-query';
import { answerOf, api } from '../../../api/api.ts';
import { useTexts } from '../../../i18n/messages.ts';
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx';
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
    <ConfirmDialog
      title={texts.cancelTitle}
      confirm={texts.cancel}
      keep={texts.keep}
      isBusy={cancel.isPending}
      error={cancel.error}
      onConfirm={() => cancel.mutate()}
      onClose={onClose}
    >
      <p>{texts.cancelText}</p>
    </ConfirmDialog>
  );
}

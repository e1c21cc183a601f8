import { useMutation } from '@tanstack/react-query';
import { api } from '../../api/api.ts';
import { queryClient } from '../../api/query-client.ts';
import { useTexts } from '../../i18n/messages.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { showToast } from '../../ui/toast-store.ts';
import { facecamTexts } from './texts.ts';
import type { Facecam } from './use-facecams.ts';

export function RemoveFacecam({ facecam: { facecamId }, onClose }: { facecam: Facecam; onClose: () => void }) {
  const texts = useTexts(facecamTexts);
  const removal = useMutation({
    mutationFn: () => api.DELETE('/v1/facecams/{facecamId}', { params: { path: { facecamId } } }),
    onSuccess: () => {
      showToast({ text: texts.removed });
      onClose();
      return queryClient.invalidateQueries({ queryKey: ['facecams'] });
    },
  });
  return (
    <ConfirmDialog
      title={texts.removeTitle}
      confirm={texts.remove}
      keep={texts.keep}
      isBusy={removal.isPending}
      error={removal.error}
      onConfirm={() => removal.mutate()}
      onClose={onClose}
    >
      <p>{texts.removeText}</p>
    </ConfirmDialog>
  );
}

import { useMutation } from '@tanstack/react-query';
import { api } from '../../api/api.ts';
import { queryClient } from '../../api/query-client.ts';
import { useTexts } from '../../i18n/messages.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
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
    <Dialog
      title={texts.removeTitle}
      onClose={onClose}
      actions={
        <>
          <Button kind="secondary" onClick={onClose}>
            {texts.keep}
          </Button>
          <Button kind="danger" isBusy={removal.isPending} onClick={() => removal.mutate()}>
            {texts.remove}
          </Button>
        </>
      }
    >
      <p>{texts.removeText}</p>
      {removal.isError && <ErrorNote error={removal.error} />}
    </Dialog>
  );
}

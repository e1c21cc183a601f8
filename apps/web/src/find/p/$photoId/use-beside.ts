import { useLocation } from '@tanstack/react-router';
import { usePhoto } from '../../use-photo.ts';

/** The photos beside one, in the list that it was opened from; none behind a link of its own. */
export function useBeside(photoId: string, share: string | undefined) {
  const around = useLocation().state.around ?? [];
  const at = around.indexOf(photoId);
  const idAt = (index: number) => (at === -1 ? undefined : around[index]);
  return { previous: usePhoto(idAt(at - 1), share).data, next: usePhoto(idAt(at + 1), share).data };
}

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../api/api.ts';
import { errorTextOf } from '../../ui/error-text.ts';
import { showToast } from '../../ui/toast-store.ts';

type Which = { readonly notificationIds: string[] } | { readonly upTo: string };

/** Marks notices as read: some, or one and all older ones. */
export function useMarkRead() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (which: Which) => api.POST('/v1/me/notifications/read', { body: which }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['notices'] }),
    onError: (error) => showToast({ text: errorTextOf(error) }),
  });
}

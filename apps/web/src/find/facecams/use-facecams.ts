import { useQuery } from '@tanstack/react-query';
import { type Answer, answerOf, api } from '../../api/api.ts';

export type Facecam = Answer<'/v1/facecams', 'get'>['items'][number];

const askAgainMs = 1_500;

/** My selfies, newest first; asked again and again while one is being read. */
export function useFacecams(isEnabled = true) {
  return useQuery({
    queryKey: ['facecams'],
    queryFn: async ({ signal }) => (await answerOf(api.GET('/v1/facecams', { signal }))).items,
    enabled: isEnabled,
    refetchInterval: ({ state }) => (state.data?.some(isPending) === true ? askAgainMs : false),
  });
}

export const isPending = ({ status }: Facecam) => status === 'pending';
export const isUsable = ({ status }: Facecam) => status !== 'failed';

import { QueryClient } from '@tanstack/react-query';
import { isRefusal } from './problem.ts';

/** Server state. What the API refused is not asked again; what did not answer is, twice. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 20_000,
      retry: (failureCount, error) => !isRefusal(error) && failureCount < 2,
      // Without this a query waits for the browser to say that it is online, which it may never say.
      networkMode: 'always',
    },
    mutations: { retry: false, networkMode: 'always' },
  },
});

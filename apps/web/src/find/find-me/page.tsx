import { createFileRoute } from '@tanstack/react-router';

export const Route = createFileRoute('/_find/find-me')({
  validateSearch: (search: Record<string, unknown>): { event?: string; share?: string } => ({
    ...(typeof search.event === 'string' ? { event: search.event } : {}),
    ...(typeof search.share === 'string' ? { share: search.share } : {}),
  }),
  component: () => null,
});

import { createFileRoute } from '@tanstack/react-router';

export const Route = createFileRoute('/_find/sign-in')({
  validateSearch: (search: Record<string, unknown>): { next?: string } =>
    typeof search.next === 'string' ? { next: search.next } : {},
  component: () => null,
});

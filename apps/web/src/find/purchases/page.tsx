import { createFileRoute } from '@tanstack/react-router';

export const Route = createFileRoute('/_find/purchases')({ component: () => null });

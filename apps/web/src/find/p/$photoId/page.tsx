import { createFileRoute } from '@tanstack/react-router';

export const Route = createFileRoute('/_find/p/$photoId')({ component: () => null });

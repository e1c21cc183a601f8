import { createFileRoute } from '@tanstack/react-router';

export const Route = createFileRoute('/studio/photos/$photoId')({ component: () => null });

import { createFileRoute } from '@tanstack/react-router';

export const Route = createFileRoute('/studio/join')({ component: () => null });

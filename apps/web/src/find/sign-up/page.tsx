import { createFileRoute } from '@tanstack/react-router';

export const Route = createFileRoute('/_find/sign-up')({ component: () => null });

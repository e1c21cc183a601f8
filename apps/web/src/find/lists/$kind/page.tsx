import { createFileRoute } from '@tanstack/react-router';

export const Route = createFileRoute('/_find/lists/$kind')({ component: () => null });

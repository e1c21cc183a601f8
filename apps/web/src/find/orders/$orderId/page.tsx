import { createFileRoute } from '@tanstack/react-router';

export const Route = createFileRoute('/_find/orders/$orderId')({ component: () => null });

import { createFileRoute } from '@tanstack/react-router';

export const Route = createFileRoute('/_find/account/receipts/$receiptId')({ component: () => null });

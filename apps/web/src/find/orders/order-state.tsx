import { useTexts } from '../../i18n/messages.ts';
import { Badge, type BadgeTone } from '../../ui/badge.tsx';
import type { Order } from './order.ts';
import { ordersTexts } from './texts.ts';

const tones: Readonly<Record<Order['status'], BadgeTone>> = {
  pending: 'warn',
  paid: 'good',
  expired: 'plain',
  cancelled: 'plain',
};

export function OrderState({ status }: { status: Order['status'] }) {
  return <Badge tone={tones[status]}>{useTexts(ordersTexts).states[status]}</Badge>;
}
